#pragma once
// OpenSSL's libcrypto, which libcurl and libvips bring along: SHA-256, nothing else. Its plain
// functions, called deprecated since 3.0, rather than EVP: their state is a value that is copied and
// forgotten, where EVP allocates, and looks for openssl.cnf from inside the worker's sandbox.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
