-- Silent feeds and control totals that do not fit, as tasks.
SELECT feed_faults_update($1::boolean)
