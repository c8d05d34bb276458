"""The care plan and the wallet card on paper."""
