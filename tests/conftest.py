"""What all tests share: no window is ever opened, whatever the machine has set."""

import matplotlib

matplotlib.use("Agg")
