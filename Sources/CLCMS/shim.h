#pragma once
// Little CMS, which libvips converts colours with as well: its macros and varargs as functions.
#include <lcms2.h>

/// Of 4 bytes, such as `RGB ` or `CMYK`.
static inline cmsUInt32Number sluice_lcms_space(cmsHPROFILE profile) {
    return (cmsUInt32Number)cmsGetColorSpace(profile);
}

/// From colours in floating point (0 to 1, inks 0 to 100) to CIELAB, as `sluice_vips_profile_to_srgb`
/// converts them, but with nothing cut off. Null for a profile of other colours or without the tags.
static inline cmsHTRANSFORM sluice_lcms_to_lab(cmsHPROFILE profile) {
    cmsUInt32Number from;
    switch (cmsGetColorSpace(profile)) {
    case cmsSigGrayData: from = TYPE_GRAY_FLT; break;
    case cmsSigRgbData: from = TYPE_RGB_FLT; break;
    case cmsSigCmykData: from = TYPE_CMYK_FLT; break;
    default: return NULL;
    }
    cmsHPROFILE lab = cmsCreateLab4Profile(NULL);
    if (!lab) return NULL;
    cmsHTRANSFORM made = cmsCreateTransform(
        profile, from, lab, TYPE_Lab_DBL, INTENT_RELATIVE_COLORIMETRIC,
        cmsFLAGS_BLACKPOINTCOMPENSATION);
    cmsCloseProfile(lab);
    return made;
}
