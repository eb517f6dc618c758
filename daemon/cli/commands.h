/* Every subcommand's entry, one line each, in the order of `hulei --help`.
 * An entry gets argv[0] = its own name and returns the process's exit status:
 * 0 done, 1 the work failed, 2 the arguments are wrong. */
#ifndef HULEI_DAEMON_CLI_COMMANDS_H
#define HULEI_DAEMON_CLI_COMMANDS_H

int command_engine(int argc, char **argv);
int command_version(int argc, char **argv);
int command_courier(int argc, char **argv);
int command_console(int argc, char **argv);
int command_review(int argc, char **argv);
int command_alert(int argc, char **argv);
int command_post(int argc, char **argv);
int command_user(int argc, char **argv);
int command_canary(int argc, char **argv);
int command_quarantine(int argc, char **argv);
int command_erase(int argc, char **argv);
int command_objection(int argc, char **argv);
int command_subject_report(int argc, char **argv);
int command_status(int argc, char **argv);
int command_feed(int argc, char **argv);
int command_audit(int argc, char **argv);
int command_rotate_keys(int argc, char **argv);
int command_backup(int argc, char **argv);
int command_restore(int argc, char **argv);

int command_synth(int argc, char **argv);
int command_evaluate(int argc, char **argv);
int command_address(int argc, char **argv);
int command_gazetteer(int argc, char **argv);
int command_topics(int argc, char **argv);
int command_citizen_id(int argc, char **argv);
int command_link(int argc, char **argv);
int command_name(int argc, char **argv);
int command_train(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_policy(int argc, char **argv);

#endif
