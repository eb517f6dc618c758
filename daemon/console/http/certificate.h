/* The client certificate the TLS front verified, as its header says it: nginx's $ssl_client_escaped_cert.
 * Verifies nothing: only who may connect to the server's socket is believed. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_CERTIFICATE_H
#define HULEI_DAEMON_CONSOLE_HTTP_CERTIFICATE_H

#include <stdbool.h>

/* SHA-256 of the DER form of a percent-encoded PEM certificate. False when it is none. */
bool certificate_fingerprint(const char *escaped, unsigned char fingerprint[32]);

#endif
