/* SPDX-License-Identifier: MIT
   The configuration of the service and of its log. */
#include "model/table/table.h"

#define R FAX_CONFIGURATION
static const struct fax_field configuration[] = {
    FIELD(SIZE, SizeOfStruct, "size_of_struct"),
    FIELD(DWORD, Retries, "retries"),
    FIELD(DWORD, RetryDelay, "retry_delay"),
    FIELD(DWORD, DirtyDays, "dirty_days"),
    FIELD(BOOL, Branding, "branding"),
    FIELD(BOOL, UseDeviceTsid, "use_device_tsid"),
    FIELD(BOOL, ServerCp, "server_cp"),
    FIELD(BOOL, PauseServerQueue, "pause_server_queue"),
    FIELD(TIME_OF_DAY, StartCheapTime, "start_cheap_time"),
    FIELD(TIME_OF_DAY, StopCheapTime, "stop_cheap_time"),
    FIELD(BOOL, ArchiveOutgoingFaxes, "archive_outgoing_faxes"),
    FIELD(TEXT, ArchiveDirectory, "archive_directory"),
    FIELD(TEXT, Reserved, "inbound_profile"), /* CFG-12 */
    END};
RECORD(record_configuration, FAX_CONFIGURATION, configuration);
#undef R

#define R FAX_LOG_CATEGORY
static const struct fax_field log_category[] = {
    FIELD(TEXT, Name, "name"),
    NAMED(ENUM, Category, "category", names_log_category),
    NAMED(ENUM, Level, "level", names_log_level), END};
RECORD(record_log_category, FAX_LOG_CATEGORY, log_category);
#undef R
