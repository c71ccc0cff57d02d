#pragma once
// What Swift's Glibc module hides: one header a subject.
#include "child.h"
#include "files.h"
#include "memory.h"
#include "notify.h"
#include "peer.h"
#include "sandbox.h"
#include "text.h"
#include "thread.h"
