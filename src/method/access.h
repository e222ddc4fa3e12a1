/* SPDX-License-Identifier: MIT
   Rights. */
#ifndef FAX_METHOD_ACCESS_H
#define FAX_METHOD_ACCESS_H

#include "method/method.h"

extern const struct method method_access_ask;

#endif
