#pragma once
// exempi: Adobe's XMP toolkit behind a C interface.
#include <exempi/xmp.h>
#include <exempi/xmpconsts.h>
