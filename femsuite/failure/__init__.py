"""How long and how probably a part survives: lives of fatigue, and Weibull's weakest link over stress fields."""
