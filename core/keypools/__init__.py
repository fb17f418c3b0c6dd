"""Key pools: credentials with sealed secrets, how healthy each is for every capability, and what to do when Jimeng complains about one."""

from core.keypools.credentials import (
    Changes,
    NewCredential,
    add,
    edit,
    enable,
    open_credential,
    remove,
    require,
    unopened,
)
from core.keypools.health import (
    SEALED_ALERT,
    SPEED,
    limit_of,
    react,
    recovered,
    reset,
    sealed,
    take_turn,
    usable,
    worth_waiting,
)
from core.keypools.retest import Tested, due_for_retest, retest, test
from core.keypools.vault import Vault, WrongKey
from core.keypools.views import CredentialView, HealthView, PoolView, Today, pools, view, views

__all__ = [
    "SEALED_ALERT",
    "SPEED",
    "Changes",
    "CredentialView",
    "HealthView",
    "NewCredential",
    "PoolView",
    "Tested",
    "Today",
    "Vault",
    "WrongKey",
    "add",
    "due_for_retest",
    "edit",
    "enable",
    "limit_of",
    "open_credential",
    "pools",
    "react",
    "recovered",
    "remove",
    "require",
    "reset",
    "retest",
    "sealed",
    "take_turn",
    "test",
    "unopened",
    "usable",
    "view",
    "views",
    "worth_waiting",
]
