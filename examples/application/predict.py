"""The application: reads handwritten digits with the weights that the registry holds in Production."""

import sys

import joblib
from sklearn.datasets import load_digits

SHOWN = 10
SHADES = " .:oO@"


def main(weights: str) -> int:
    """Read ten digits that no version was trained on, and say how many were read right."""
    model = joblib.load(weights)
    digits = load_digits()
    images, truths = digits.images[-SHOWN:], digits.target[-SHOWN:]
    guesses = model.predict(digits.data[-SHOWN:])
    for row in range(8):
        print("  ".join("".join(SHADES[int(value) * 5 // 16] for value in image[row]) for image in images))
    marks = (f"{guess}{'' if guess == truth else '!'}" for guess, truth in zip(guesses, truths, strict=True))
    print("  ".join(mark.ljust(8) for mark in marks))
    right = sum(guesses == truths)
    print(f"read {right} of {SHOWN} right")
    return 0 if right > SHOWN // 2 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
