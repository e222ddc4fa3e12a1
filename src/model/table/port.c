/* SPDX-License-Identifier: MIT
   Ports, what their devices do, how their faxes are routed, and providers. */
#include "model/table/table.h"

#define R FAX_PORT_INFO
static const struct fax_field port_info[] = {
    FIELD(SIZE, SizeOfStruct, "size_of_struct"),
    FIELD(DWORD, DeviceId, "device_id"),
    NAMED(ENUM, State, "state", names_port_status),
    NAMED(FLAGS, Flags, "flags", names_port_flags),
    FIELD(DWORD, Rings, "rings"),
    FIELD(DWORD, Priority, "priority"),
    FIELD(TEXT, DeviceName, "device_name"),
    FIELD(TEXT, Tsid, "tsid"),
    FIELD(TEXT, Csid, "csid"),
    END};
RECORD(record_port_info, FAX_PORT_INFO, port_info);
#undef R

#define R FAX_DEVICE_STATUS
static const struct fax_field device_status[] = {
    FIELD(SIZE, SizeOfStruct, "size_of_struct"),
    FIELD(TEXT, CallerId, "caller_id"),
    FIELD(TEXT, Csid, "csid"),
    FIELD(DWORD, CurrentPage, "current_page"),
    FIELD(DWORD, DeviceId, "device_id"),
    FIELD(TEXT, DeviceName, "device_name"),
    FIELD(TEXT, DocumentName, "document_name"),
    NAMED(ENUM, JobType, "job_type", names_job_type),
    FIELD(TEXT, PhoneNumber, "phone_number"),
    FIELD(TEXT, RoutingString, "routing_string"),
    FIELD(TEXT, SenderName, "sender_name"),
    FIELD(TEXT, RecipientName, "recipient_name"),
    FIELD(DWORD, Size, "size"),
    FIELD(FILETIME, StartTime, "start_time"),
    NAMED(ENUM, Status, "status", names_port_status),
    FIELD(TEXT, StatusString, "status_string"),
    FIELD(FILETIME, SubmittedTime, "submitted_time"),
    FIELD(DWORD, TotalPages, "total_pages"),
    FIELD(TEXT, Tsid, "tsid"),
    FIELD(TEXT, UserName, "user_name"),
    END};
RECORD(record_device_status, FAX_DEVICE_STATUS, device_status);
#undef R

#define R FAX_ROUTING_METHOD
static const struct fax_field routing_method[] = {
    FIELD(SIZE, SizeOfStruct, "size_of_struct"),
    FIELD(DWORD, DeviceId, "device_id"),
    FIELD(BOOL, Enabled, "enabled"),
    FIELD(TEXT, DeviceName, "device_name"),
    FIELD(TEXT, Guid, "guid"),
    FIELD(TEXT, FriendlyName, "friendly_name"),
    FIELD(TEXT, FunctionName, "function_name"),
    FIELD(TEXT, ExtensionImageName, "extension_image_name"),
    FIELD(TEXT, ExtensionFriendlyName, "extension_friendly_name"),
    END};
RECORD(record_routing_method, FAX_ROUTING_METHOD, routing_method);
#undef R

#define R FAX_GLOBAL_ROUTING_INFO
static const struct fax_field global_routing_info[] = {
    FIELD(SIZE, SizeOfStruct, "size_of_struct"),
    FIELD(DWORD, Priority, "priority"),
    FIELD(TEXT, Guid, "guid"),
    FIELD(TEXT, FriendlyName, "friendly_name"),
    FIELD(TEXT, FunctionName, "function_name"),
    FIELD(TEXT, ExtensionImageName, "extension_image_name"),
    FIELD(TEXT, ExtensionFriendlyName, "extension_friendly_name"),
    END};
RECORD(record_global_routing_info, FAX_GLOBAL_ROUTING_INFO,
       global_routing_info);
#undef R

#define R struct fax_dial_port
static const struct fax_field dial_port[] = {
    FIELD(DWORD, device_id, "device_id"), FIELD(TEXT, name, "name"),
    FIELD(BOOL, sends, "sends"), END};
RECORD(record_dial_port, fax_dial_port, dial_port);
#undef R

#define R struct fax_dial_plan
static const struct fax_field dial_plan[] = {
    FIELD(SIZE, size, "size"),
    FIELD(TEXT, number, "number"),
    FIELD(TEXT, normal, "normal"),
    FIELD(TEXT, prefix, "prefix"),
    FIELD(TEXT, group, "group"),
    FIELD(TEXT, blocked_by, "blocked_by"),
    FIELD(DWORD, calls, "calls"),
    FIELD(DWORD, most_calls, "most_calls"),
    FIELD(HIDDEN, port_count, "port_count"),
    ARRAY(ports, "ports", port_count, record_dial_port),
    END};
RECORD(record_dial_plan, fax_dial_plan, dial_plan);
#undef R

#define R struct fax_provider_info
static const struct fax_field provider_info[] = {
    FIELD(SIZE, size, "size"),
    FIELD(TEXT, name, "name"),
    NAMED(ENUM, origin, "origin", names_provider_origin),
    NAMED(ENUM, state, "state", names_provider_state),
    FIELD(DWORD, device_count, "device_count"),
    FIELD(KNOWN, error, "error"),
    FIELD(TEXT, message, "message"),
    END};
RECORD(record_provider_info, fax_provider_info, provider_info);
#undef R
