"""`python -m bot.simulator`."""

from bot.simulator.main import main

main()
