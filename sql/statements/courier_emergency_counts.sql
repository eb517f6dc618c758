-- Emergencies, notices and watches; counts only.
SELECT name, n FROM emergency_counts()
