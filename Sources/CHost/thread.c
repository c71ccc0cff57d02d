#define _GNU_SOURCE
#include "thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct begin {
    char name[16];
    void (*run)(void *);
    void *context;
};

static void *begin(void *argument) {
    struct begin begin = *(struct begin *)argument;
    free(argument);
    pthread_setname_np(pthread_self(), begin.name);
    begin.run(begin.context);
    return NULL;
}

int sluice_start_thread(const char *name, size_t stack, void (*run)(void *), void *context) {
    struct begin *what = calloc(1, sizeof *what);
    if (!what) return -ENOMEM;
    strncpy(what->name, name, sizeof what->name - 1);
    what->run = run;
    what->context = context;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    int failed = pthread_attr_setstacksize(&attributes, stack);
    if (!failed) failed = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    if (!failed) failed = pthread_create(&thread, &attributes, begin, what);
    pthread_attr_destroy(&attributes);
    if (failed) free(what);
    return -failed;
}
