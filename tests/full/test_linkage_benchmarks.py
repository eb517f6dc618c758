#!/usr/bin/env python3
"""The public linkage benchmarks at full size, trained without truth."""
import sys

from linkage_figures import check, febrl3, febrl4, historical, is_there

if not is_there():
    sys.exit(77)
four = febrl4()
three = febrl3()
figures = historical()
sys.exit(not all([
    check("FEBRL4, p >= 0.5: F1 at least 0.9998, no false pair", four["F1"] >= 0.9998 and four["false"] == 0),
    check("FEBRL3, p >= 0.99: precision 1, F1 at least 0.998", three["false"] == 0 and three["F1"] >= 0.998),
    check("historical_50k, clusters: F1 above 0.80", figures["F1"] > 0.80),
]))
