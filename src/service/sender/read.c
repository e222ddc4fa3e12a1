/* SPDX-License-Identifier: MIT
   Reading who sends; see sender.h. */
#include "service/sender/sender.h"

#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "model/record.h"

/* ---- the account: its GECOS, "name,office,office phone,home phone,..." ----
 */

#define MOST_ENTRY ((size_t)1 << 20)

struct account {
  char *entry; /* what the texts of the passwd lie in */
  char *name;
  const char *office, *office_phone, *home_phone; /* in `entry` */
};

static void account_free(struct account *a) {
  mem_free(a->entry);
  mem_free(a->name);
}

/* NULL with no error: there is no such account. */
static DWORD read_entry(struct account *a, struct passwd *entry,
                        struct passwd **found_out) {
  for (size_t size = 1024; size <= MOST_ENTRY; size *= 4) {
    mem_free(a->entry);
    a->entry = mem_alloc(size);
    if (a->entry == NULL) return ERROR_NOT_ENOUGH_MEMORY;
    int failed = getpwuid_r(getuid(), entry, a->entry, size, found_out);
    if (failed != ERANGE) return ERROR_SUCCESS;
  }
  return ERROR_SUCCESS;
}

static const char *next_part(char **rest) {
  const char *part = strsep(rest, ",");
  return part != NULL && *part != '\0' && text_is_utf8(part) ? part : NULL;
}

/* An ampersand stands for the login name with a capital. */
static DWORD full_name(const char *part, const char *login, char **name_out) {
  if (part == NULL) return ERROR_SUCCESS;
  size_t before = strcspn(part, "&");
  char *name =
      part[before] == '\0'
          ? mem_text(part)
          : mem_format("%.*s%c%s%s", (int)before, part,
                       toupper((unsigned char)login[0]),
                       login[0] != '\0' ? login + 1 : "", part + before + 1);
  if (name == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  *name_out = name;
  return ERROR_SUCCESS;
}

static DWORD account_read(struct account *a) {
  struct passwd entry, *found = NULL;
  DWORD error = read_entry(a, &entry, &found);
  if (error != ERROR_SUCCESS || found == NULL || found->pw_gecos == NULL)
    return error;
  char *rest = found->pw_gecos;
  const char *name = next_part(&rest);
  a->office = next_part(&rest);
  a->office_phone = next_part(&rest);
  a->home_phone = next_part(&rest);
  return full_name(name, found->pw_name, &a->name);
}

/* ---- the environment ---- */

/* What is empty or no UTF-8 counts as not set. */
static const char *setting(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  return value != NULL && *value != '\0' && text_is_utf8(value) ? value
                                                                : otherwise;
}

static void fill(FAX_JOB_PARAM *params, FAX_COVERPAGE_INFO *cover,
                 const struct account *a) {
  cover->SdrName = setting("FAX_SENDER_NAME", a->name);
  cover->SdrFaxNumber = setting("FAX_SENDER_TSID", NULL);
  cover->SdrCompany = setting("FAX_SENDER_COMPANY", NULL);
  cover->SdrAddress = setting("FAX_SENDER_ADDRESS", NULL);
  cover->SdrTitle = setting("FAX_SENDER_TITLE", NULL);
  cover->SdrDepartment = setting("FAX_SENDER_DEPT", NULL);
  cover->SdrOfficeLocation = setting("FAX_SENDER_OFFICE", a->office);
  cover->SdrHomePhone = setting("FAX_SENDER_HOME_PHONE", a->home_phone);
  cover->SdrOfficePhone = setting("FAX_SENDER_OFFICE_PHONE", a->office_phone);
  params->SenderName = cover->SdrName;
  params->SenderCompany = cover->SdrCompany;
  params->SenderDept = cover->SdrDepartment;
  params->Tsid = cover->SdrFaxNumber;
  params->BillingCode = setting("FAX_BILLING_CODE", NULL);
  params->ScheduleAction = JSA_NOW;
  params->DeliveryReportType = DRT_NONE;
}

static DWORD pack(const FAX_JOB_PARAM *params, const FAX_COVERPAGE_INFO *cover,
                  FAX_JOB_PARAM **params_out, FAX_COVERPAGE_INFO **cover_out) {
  void *first, *second;
  DWORD error = record_pack(&record_job_param, params, 1, MEM_BUFFER, &first);
  if (error != ERROR_SUCCESS) return error;
  error = record_pack(&record_coverpage_info, cover, 1, MEM_BUFFER, &second);
  if (error != ERROR_SUCCESS) {
    mem_free_tagged(first, MEM_BUFFER);
    return error;
  }
  *params_out = first;
  *cover_out = second;
  return ERROR_SUCCESS;
}

DWORD sender_read(FAX_JOB_PARAM **params_out, FAX_COVERPAGE_INFO **cover_out) {
  FAX_JOB_PARAM params = {0};
  FAX_COVERPAGE_INFO cover = {0};
  struct account a = {0};
  DWORD error = account_read(&a);
  if (error == ERROR_SUCCESS) {
    fill(&params, &cover, &a);
    error = pack(&params, &cover, params_out, cover_out);
  }
  account_free(&a);
  return error;
}
