"""References on their way to Jimeng: as its models take them, and no larger."""

import base64
import io

from PIL import Image

from core.generations import add_image
from core.jimeng.models import table
from tests.studio.scene import I2I, UPSCALE, V40, Scene, painting
from tests.studio.wire import jpeg


async def test_references_travel_as_the_model_takes_them(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()
    stored = await scene.images.keep(jpeg((1, 2, 3), (600, 600)))
    async with scene.records.write() as tx:
        await add_image(tx, stored, "reference")
    orders = [(I2I, 0.3), (V40, 0.25), (UPSCALE, None)]
    async with painting(scene):
        for model, weight in orders:
            await scene.settled(await scene.paint(model=model, references=(stored.id,), weight=weight))
    i2i, v40, upscale = scene.wire.asked["submit"]
    assert len(i2i["binary_data_base64"]) == 1
    assert i2i["scale"] == 0.3
    assert v40["image_urls"] == [f"https://paint.example/{stored.id}"]
    assert (v40["force_single"], v40["scale"], "seed" in v40) == (True, 0.25, False)
    assert upscale["resolution"] == "4k"
    assert not {"prompt", "width", "image_urls"} & set(upscale)
    assert '"add_logo": true' in scene.wire.asked["poll"][0]["req_json"]


async def test_a_reference_deleted_meanwhile_ends_the_painting_plainly(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()
    stored = await scene.images.keep(jpeg())
    async with scene.records.write() as tx:
        await add_image(tx, stored, "reference")
    await scene.images.delete(stored)
    generation = await scene.paint(model=I2I, references=(stored.id,))
    async with painting(scene):
        view = await scene.settled(generation)
    assert (view.cause, view.error, scene.wire.submits) == ("unsupported", "images.gone", 0)


async def test_a_reference_travels_in_at_most_the_bytes_its_model_takes(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()
    noise = io.BytesIO()
    Image.effect_noise((600, 600), 90).save(noise, "PNG")
    stored = await scene.images.keep(noise.getvalue())
    async with scene.records.write() as tx:
        await add_image(tx, stored, "reference")
    scene.models = table({"i2i": {"reference_bytes": 100_000}})
    async with painting(scene):
        await scene.settled(await scene.paint(model=I2I, references=(stored.id,)))
    (sent,) = scene.wire.asked["submit"][0]["binary_data_base64"]
    assert len(base64.b64decode(sent)) <= 100_000 < stored.size
