/* Handlers of the routes that open, confirm and close sessions and change passwords.
 * Says to nobody why a first factor was refused. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_SIGN_IN_H
#define HULEI_DAEMON_CONSOLE_HTTP_SIGN_IN_H

#include "daemon/console/http/web.h"

void sign_in_open(struct web_request *request, struct web_reply *reply);
void sign_in_factor_show(struct web_request *request, struct web_reply *reply);
void sign_in_factor_confirm(struct web_request *request, struct web_reply *reply);
void sign_in_close(struct web_request *request, struct web_reply *reply);
void sign_in_password(struct web_request *request, struct web_reply *reply);
void sign_in_me(struct web_request *request, struct web_reply *reply);

#endif
