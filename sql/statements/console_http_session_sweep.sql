SELECT session_sweep()
