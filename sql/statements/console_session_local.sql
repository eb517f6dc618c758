-- For the rest of the transaction the account bound to an OS user.
SELECT session_begin_local($1::text)
