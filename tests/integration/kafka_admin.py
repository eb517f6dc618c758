"""What only an administrator of the broker can do, through librdkafka itself: delete and create topics, delete records,
add partitions, deny rights. As the stack's `admin`; Debian has no command line program for it."""
import ctypes
import os

from stack import RUN, check

_lib = ctypes.CDLL("librdkafka.so.1")
_void = ctypes.c_void_p
for _name in ("conf_new", "new", "queue_new", "queue_poll", "NewTopic_new", "DeleteTopic_new", "NewPartitions_new",
              "DeleteRecords_new", "AclBinding_new", "AclBindingFilter_new", "topic_partition_list_new",
              "topic_partition_list_add"):
    getattr(_lib, "rd_kafka_" + _name).restype = _void
_lib.rd_kafka_event_error_string.restype = ctypes.c_char_p
_lib.rd_kafka_topic_result_error_string.restype = ctypes.c_char_p
_error = ctypes.create_string_buffer(512)


def _client():
    conf = _lib.rd_kafka_conf_new()
    with open(os.path.join(RUN, "secrets/admin.kcat"), encoding="utf-8") as file:
        for line in file:
            name, _, value = line.strip().partition("=")
            if value:
                done = _lib.rd_kafka_conf_set(_void(conf), name.encode(), value.encode(), _error, 512)
                check(done == 0, f"librdkafka: {name}")
    return _void(_lib.rd_kafka_new(0, _void(conf), _error, ctypes.c_size_t(512)))


def _run(request, made, results_of):
    """Sends one admin request with one item and checks the request's and the topic's error."""
    client = _client()
    queue = _void(_lib.rd_kafka_queue_new(client))
    items = (_void * 1)(made)
    request(client, items, ctypes.c_size_t(1), None, queue)
    event = _void(_lib.rd_kafka_queue_poll(queue, 30000))
    check(event.value is not None, "librdkafka: no answer")
    error = _lib.rd_kafka_event_error(event)
    check(error == 0, f"librdkafka: {_lib.rd_kafka_event_error_string(event)}")
    if results_of is not None:
        count = ctypes.c_size_t()
        results_of.restype = ctypes.POINTER(_void)
        results = results_of(event, ctypes.byref(count))
        for i in range(count.value):
            check(_lib.rd_kafka_topic_result_error(_void(results[i])) == 0,
                  f"librdkafka: {_lib.rd_kafka_topic_result_error_string(_void(results[i]))}")
    _lib.rd_kafka_event_destroy(event)
    _lib.rd_kafka_queue_destroy(queue)
    _lib.rd_kafka_destroy(client)


def create_topic(topic, partitions):
    made = _lib.rd_kafka_NewTopic_new(topic.encode(), partitions, 1, _error, ctypes.c_size_t(512))
    _run(_lib.rd_kafka_CreateTopics, made, _lib.rd_kafka_CreateTopics_result_topics)


def delete_topic(topic):
    made = _lib.rd_kafka_DeleteTopic_new(topic.encode())
    _run(_lib.rd_kafka_DeleteTopics, made, _lib.rd_kafka_DeleteTopics_result_topics)


def set_partitions(topic, count):
    made = _lib.rd_kafka_NewPartitions_new(topic.encode(), ctypes.c_size_t(count), _error, ctypes.c_size_t(512))
    _run(_lib.rd_kafka_CreatePartitions, made, _lib.rd_kafka_CreatePartitions_result_topics)


class _TopicPartition(ctypes.Structure):
    _fields_ = [("topic", ctypes.c_char_p), ("partition", ctypes.c_int32), ("offset", ctypes.c_int64)]


def delete_records(topic, ends):
    """Deletes everything before the given offsets: {partition: offset}."""
    listed = _void(_lib.rd_kafka_topic_partition_list_new(len(ends)))
    for part, offset in ends.items():
        added = _lib.rd_kafka_topic_partition_list_add(listed, topic.encode(), part)
        ctypes.cast(added, ctypes.POINTER(_TopicPartition)).contents.offset = offset
    _run(_lib.rd_kafka_DeleteRecords, _lib.rd_kafka_DeleteRecords_new(listed), None)


_TOPIC, _LITERAL, _WRITE, _DENY = 2, 3, 4, 2  # enums of librdkafka


def deny_writing(principal, topic):
    """Takes the right away, whatever other rules allow."""
    made = _lib.rd_kafka_AclBinding_new(_TOPIC, topic.encode(), _LITERAL, f"User:{principal}".encode(), b"*", _WRITE,
                                        _DENY, _error, ctypes.c_size_t(512))
    _run(_lib.rd_kafka_CreateAcls, made, None)


def allow_writing_again(principal, topic):
    made = _lib.rd_kafka_AclBindingFilter_new(_TOPIC, topic.encode(), _LITERAL, f"User:{principal}".encode(), b"*",
                                              _WRITE, _DENY, _error, ctypes.c_size_t(512))
    _run(_lib.rd_kafka_DeleteAcls, made, None)
