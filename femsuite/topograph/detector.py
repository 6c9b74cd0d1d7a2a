"""From the ideal image to counts: source and detector blur, dose, photon and read noise, 14 bits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from femsuite.topograph.raytrace import DetectorImage


@dataclass(frozen=True)
class Detector:
    """A camera.

    Attributes:
        pixel: effective side of a pixel at the image, m.
        blur: standard deviation of its point-spread function, m.
        read_noise: standard deviation, counts.
        gain: counts per detected photon.
        offset: counts without light.
        bits: of its converter; counts are clipped to ``2**bits - 1``.
        source: where the numbers come from.
        status: of the numbers, as in material files.
    """

    pixel: float
    blur: float
    read_noise: float = 3.0
    gain: float = 2.5
    offset: float = 100.0
    bits: int = 14
    source: str = "given in the study"
    status: str = "estimate"


DETECTORS: dict[str, Detector] = {
    "scmos_3.2um": Detector(
        3.2e-6,
        3.2e-6,
        source="Photonic Science sCMOS: pixel and bits from the LM3046 in-operando X-ray diffraction imaging paper; "
        "blur of one pixel, gain, offset and read noise are estimates",
        status="mixed",
    ),
    "pco4000_1um": Detector(
        1.0e-6,
        1.5e-6,
        read_noise=11.0,
        gain=1.0,
        source="pco.4000 with thin scintillator and optics: pixel and bits from the LM3046 in-operando X-ray "
        "diffraction imaging paper; blur of a thin scintillator, gain, offset and read noise are estimates",
        status="mixed",
    ),
}


@dataclass(frozen=True)
class Exposure:
    """How long and with what beam.

    Attributes:
        dose: photons detected per pixel where the intensity is 1.
        source_blur: standard deviation on the detector, m: source size times distance over source distance.
        seed: of the noise; the same seed gives the same image.
    """

    dose: float
    source_blur: float = 0.0
    seed: int = 1


def blurred(
    image: DetectorImage, detector: Detector, source_blur: float = 0.0, beyond: str = "constant"
) -> DetectorImage:
    """Return the noise-free image as the detector resolves it.

    Args:
        image: the ideal image.
        detector: the camera.
        source_blur: standard deviation on the detector, m.
        beyond: what lies outside the image, as SciPy calls it: ``constant`` is dark, ``nearest`` goes on as its edge.
    """
    width = float(np.hypot(detector.blur, source_blur)) / image.pixel
    from scipy import ndimage  # here: the camera's options are read without it

    return image.with_values(ndimage.gaussian_filter(image.values, width, mode=beyond))


def detected(image: DetectorImage, detector: Detector, exposure: Exposure, beyond: str = "constant") -> DetectorImage:
    """Return the image in counts: blur, Poisson noise of the dose, read noise, offset, clipping; reproducible.

    Args:
        image: the ideal image.
        detector: the camera.
        exposure: dose and blur of the source.
        beyond: see `blurred`.
    """
    random = np.random.default_rng(exposure.seed)
    mean = exposure.dose * np.maximum(blurred(image, detector, exposure.source_blur, beyond).values, 0.0)
    counts = detector.offset + detector.gain * random.poisson(mean)
    counts = counts + random.normal(0.0, detector.read_noise, mean.shape)
    return image.with_values(np.clip(np.rint(counts), 0, 2**detector.bits - 1))
