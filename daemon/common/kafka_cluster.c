/* Looks at the cluster; see kafka_cluster.h.
 * Every call waits at most CLUSTER_TIMEOUT_MS: the lease must be renewed within 10 s. */
#include "daemon/common/kafka_cluster.h"

#include <string.h>

enum { CLUSTER_TIMEOUT_MS = 5000 };

const struct rd_kafka_metadata *kafka_cluster_look(rd_kafka_t *client)
{
    const struct rd_kafka_metadata *metadata = NULL;

    if (rd_kafka_metadata(client, 1, NULL, &metadata, CLUSTER_TIMEOUT_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return NULL;
    return metadata;
}

const struct rd_kafka_metadata_topic *kafka_cluster_find_topic(const struct rd_kafka_metadata *metadata,
                                                               const char                     *topic)
{
    for (int i = 0; i < metadata->topic_cnt; i++) {
        const struct rd_kafka_metadata_topic *found = &metadata->topics[i];
        if (strcmp(found->topic, topic) == 0)
            return found->err == RD_KAFKA_RESP_ERR_NO_ERROR ? found : NULL;
    }
    return NULL;
}

rd_kafka_resp_err_t kafka_cluster_read_offsets(rd_kafka_t *client, rd_kafka_topic_partition_list_t *list, int is_end)
{
    for (int i = 0; i < list->cnt; i++)
        list->elems[i].offset = is_end ? RD_KAFKA_OFFSET_END : RD_KAFKA_OFFSET_BEGINNING;
    return rd_kafka_offsets_for_times(client, list, CLUSTER_TIMEOUT_MS);
}
