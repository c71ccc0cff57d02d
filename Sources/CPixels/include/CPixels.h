#pragma once
// Loops over decoded pixels, in C because they must be fast in debug builds as well. Each takes plain
// buffers and their sizes, allocates nothing that it does not free, and fails for want of memory only.
#include "cells.h"
#include "field.h"
#include "measure.h"
#include "paint.h"
#include "part.h"
#include "resample.h"
