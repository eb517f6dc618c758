SELECT epoch::text, encode(key, 'hex') FROM audit_key_hand_over($1::text)
