/* Names of fields that no department may send, whatever their value: the field is dropped and its owner told.
 * Looks at names only; categories are the policy's. */
#include "daemon/common/feed/feed_field.h"

#include <string.h>

/* Lower case, without separators. Health, diagnosis, positions over time, belief, biometrics, private life. */
static const char *const names[] = {
    "health",
    "healthstatus",
    "healthrecord",
    "healthcondition",
    "diagnosis",
    "diagnoses",
    "disease",
    "diseases",
    "illness",
    "medical",
    "medicalhistory",
    "medicalrecord",
    "medication",
    "mentalhealth",
    "mentalillness",
    "psychiatric",
    "psychology",
    "hiv",
    "aids",
    "std",
    "sti",
    "syphilis",
    "venereal",
    "pregnancy",
    "pregnant",
    "disabilitydetail",
    "track",
    "tracks",
    "trajectory",
    "trajectories",
    "positions",
    "locationhistory",
    "gpstrack",
    "bracelet",
    "bracelettrack",
    "watchtrack",
    "watch",
    "chathistory",
    "browsinghistory",
    "religion",
    "belief",
    "faith",
    "politicalview",
    "sexualorientation",
    "sexualhistory",
    "romance",
    "dating",
    "biometrics",
    "fingerprint",
    "faceimage",
    "facefeature",
    "photo",
    "portrait",
    "dna",
    "bloodtype",
    "bankaccount",
    "income",
    "welfare",
    "健康",
    "健康状况",
    "健康信息",
    "诊断",
    "病史",
    "疾病",
    "传染病",
    "性病",
    "艾滋病",
    "精神病",
    "精神状况",
    "心理",
    "轨迹",
    "行动轨迹",
    "定位记录",
    "手环",
    "手环轨迹",
    "手表轨迹",
    "宗教",
    "宗教信仰",
    "早恋",
    "网恋",
    "性取向",
    "指纹",
    "人脸",
    "照片",
    "收入",
    "银行卡号",
};

bool field_is_forbidden(const char *name)
{
    char   plain[64];
    size_t length = 0;

    for (; *name != '\0' && length < sizeof plain - 1; name++) {
        if (*name == '_' || *name == '-' || *name == ' ' || *name == '.')
            continue;
        plain[length++] = *name >= 'A' && *name <= 'Z' ? (char)(*name + ('a' - 'A')) : *name;
    }
    plain[length] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(plain, names[i]) == 0)
            return true;
    }
    return false;
}
