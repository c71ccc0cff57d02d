#pragma once
// Loops over decoded pixels, in C because they must be fast in debug builds as well.
//
// One dialect: what is public, or seen by more than one file, is called `sluice_`. First comes the raster that is
// read, or changed in place; then what else is given; last what is written. A `const` raster is read only.
// What can fail returns a `sluice_result`, has looked at the shape of its rasters, and has freed what it took.
// What cannot fail returns what it finds, or nothing, and is to be given rasters that are sane.
#include "cells.h"
#include "measure.h"
#include "paint.h"
#include "part.h"
#include "raster.h"
#include "resample.h"
#include "whiten.h"
