/* `hulei address geocode`: lines of addresses into points with stated precision. */
#ifndef HULEI_DAEMON_CLI_ADDRESS_GEOCODE_H
#define HULEI_DAEMON_CLI_ADDRESS_GEOCODE_H

/* Arguments from the word `geocode` on. Returns the exit status. */
int address_geocode(int argc, char **argv);

#endif
