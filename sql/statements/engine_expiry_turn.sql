SELECT asked, purged, debt, shift_us FROM expiry_turn($1::int)
