#include "cli/output.h"

#include "ledger/base/text.h"
#include "ledger/base/uuid.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OUTPUT_MODE = 0666 }; /* less what the umask takes away */

static bool say_what_stands(struct error *err)
{
    return error_next(err, _("what the command wrote into the book stands; send it again with the "
                             "same --command-id to see its result"));
}

static bool refuse_write(const char *target, bool written, int cause, struct error *err)
{
    error_set(err, FAULT_STORE, "output.write", _("the output could not be written to %s: %s"),
              target == NULL ? _("standard output") : target, strerror(cause));
    return written && say_what_stands(err);
}

bool output_failed(const struct output_stream *stream, struct error *err)
{
    return stream->written && say_what_stands(err);
}

/* A device or pipe is written in place: renaming a file over /dev/null would be a disaster. */
static bool is_in_place(const char *target)
{
    struct stat status;
    return stat(target, &status) == 0 && !S_ISREG(status.st_mode);
}

/* A command prints after it has committed. */
static bool has_written(const struct invocation *invocation)
{
    return invocation->command != NULL && (invocation->command->needs & WRITES) != 0 &&
           !invocation->globals->dry_run;
}

bool output_open(const struct invocation *invocation, struct output_stream *ret, struct error *err)
{
    const char *target = invocation->globals->out;
    *ret = (struct output_stream){.target = target, .written = has_written(invocation)};
    if (target == NULL) {
        ret->file = stdout;
        return true;
    }
    bool in_place = is_in_place(target);
    const char *path = target;
    if (!in_place) {
        struct uuid uuid = uuid_random();
        char hex[UUID_HEX_SIZE];
        path = arena_printf(invocation->arena, "%s.new-%.8s", target, uuid_to_hex(&uuid, hex));
        interruption_hold(&ret->interruption);
    }
    int flags = O_WRONLY | O_CLOEXEC | O_NOCTTY | (in_place ? 0 : O_CREAT | O_EXCL);
    int descriptor = open(path, flags, OUTPUT_MODE);
    ret->file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (ret->file == NULL) {
        (void)error_set(err, FAULT_STORE, "output.open", _("%s cannot be opened for writing: %s"),
                        target, strerror(errno));
        interruption_let(&ret->interruption);
        return false;
    }
    ret->temporary = in_place ? NULL : path;
    return true;
}

/* Everything is on its way; a new file is also on the disk before it takes its name. */
static bool flush_stream(const struct output_stream *stream)
{
    errno = 0;
    if (fflush(stream->file) != 0) {
        return false;
    }
    if (ferror(stream->file) != 0) {
        errno = errno == 0 ? EIO : errno;
        return false;
    }
    return stream->temporary == NULL || fsync(fileno(stream->file)) == 0;
}

bool output_close(struct output_stream *stream, struct error *err)
{
    if (!flush_stream(stream)) {
        return refuse_write(stream->target, stream->written, errno, err);
    }
    if (stream->target == NULL) {
        stream->file = NULL;
        return true;
    }
    int closed = fclose(stream->file);
    stream->file = NULL;
    if (closed != 0) {
        int cause = errno;
        output_abandon(stream);
        return refuse_write(stream->target, stream->written, cause, err);
    }
    if (stream->temporary != NULL && rename(stream->temporary, stream->target) != 0) {
        error_set(err, FAULT_STORE, "output.rename", _("%s cannot take the name %s: %s"),
                  stream->temporary, stream->target, strerror(errno));
        output_abandon(stream);
        return false;
    }
    stream->temporary = NULL;
    interruption_let(&stream->interruption);
    return true;
}

void output_abandon(struct output_stream *stream)
{
    if (stream->file != NULL && stream->target != NULL) {
        (void)fclose(stream->file);
    }
    stream->file = NULL;
    if (stream->temporary != NULL) {
        (void)unlink(stream->temporary);
        stream->temporary = NULL;
    }
    interruption_let(&stream->interruption);
}

bool output_finish(struct error *err)
{
    errno = 0;
    bool failed = ferror(stdout) != 0;
    if (fclose(stdout) != 0 || failed) {
        return refuse_write(NULL, false, errno == 0 ? EIO : errno, err);
    }
    return true;
}
