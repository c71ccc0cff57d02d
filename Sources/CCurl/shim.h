#pragma once
#include <curl/curl.h>

// Swift cannot call functions with variable arguments: one setter per C type.

static inline CURLcode sluice_curl_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode sluice_curl_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

/// libcurl copies the text.
static inline CURLcode sluice_curl_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

/// libcurl keeps the pointer: lists and the error buffer must outlive the transfer.
static inline CURLcode sluice_curl_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode sluice_curl_on_read(CURL *handle, curl_read_callback function, void *data) {
    curl_easy_setopt(handle, CURLOPT_READDATA, data);
    return curl_easy_setopt(handle, CURLOPT_READFUNCTION, function);
}

static inline CURLcode sluice_curl_on_seek(CURL *handle, curl_seek_callback function, void *data) {
    curl_easy_setopt(handle, CURLOPT_SEEKDATA, data);
    return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, function);
}

static inline CURLcode sluice_curl_on_body(CURL *handle, curl_write_callback function, void *data) {
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, data);
    return curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, function);
}

static inline CURLcode sluice_curl_on_header(
    CURL *handle, curl_write_callback function, void *data) {
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, data);
    return curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, function);
}

static inline CURLcode sluice_curl_on_socket(
    CURL *handle, curl_opensocket_callback function, void *data) {
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, data);
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, function);
}

static inline CURLcode sluice_curl_on_progress(
    CURL *handle, curl_xferinfo_callback function, void *data) {
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, data);
    return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, function);
}

static inline CURLcode sluice_curl_on_host_key(
    CURL *handle, curl_sshhostkeycallback function, void *data) {
    curl_easy_setopt(handle, CURLOPT_SSH_HOSTKEYDATA, data);
    return curl_easy_setopt(handle, CURLOPT_SSH_HOSTKEYFUNCTION, function);
}

static inline CURLcode sluice_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode sluice_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}

/// The text belongs to the handle.
static inline CURLcode sluice_curl_get_text(CURL *handle, CURLINFO info, const char **value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode sluice_curl_multi_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

/// TLS sessions, which a handle would otherwise keep to itself. Without locks: for one thread.
static inline CURLSHcode sluice_curl_share_tls(CURLSH *share) {
    return curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

/// What a running transfer's message says: the union member that belongs to CURLMSG_DONE.
static inline CURLcode sluice_curl_result(const CURLMsg *message) { return message->data.result; }

// Macros with casts, which Swift does not import.
static const long sluice_curl_auth_basic = (long)CURLAUTH_BASIC;
static const long sluice_curl_tls_1_2_only =
    (long)CURL_SSLVERSION_TLSv1_2 | (long)CURL_SSLVERSION_MAX_TLSv1_2;
static const long sluice_curl_auth_bearer = (long)CURLAUTH_BEARER;
