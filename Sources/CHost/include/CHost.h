#pragma once
// What Swift's Glibc module hides: one header a subject.
#include "child.h"
#include "files.h"
#include "sandbox.h"
