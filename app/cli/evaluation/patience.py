"""How long a measured turn may take."""

from __future__ import annotations

# Longer than any machine needs: what is measured is what comes of a turn, not how soon.
PATIENCE = {"feature_deadline_ms": 10_000.0, "branch_timeout_ms": 60_000.0}
