/* Exports; see export.h.
 * Makes no figure: it carries what office_export() wrote. */
#include "daemon/console/http/export.h"

#include <string.h>

void export_csv(struct web_request *request, struct web_reply *reply)
{
    const struct db_param params[] = { db_text(web_value(request, "table")), db_text(web_value(request, "weeks")),
                                       db_text(web_value(request, "purpose")) };
    PGresult             *result   = NULL;

    if (!web_run(request, reply, &statement_console_http_export, params, 3, &result))
        return;
    web_answer(reply, 200, NULL);
    reply->body         = strdup(PQgetvalue(result, 0, 0));
    reply->content_type = "text/csv; charset=utf-8";
    reply->file_name    = "hulei-figures.csv";
    PQclear(result);
    if (reply->body == NULL)
        web_problem(reply, "unavailable");
}
