#include "connectors/git/gitpatience.h"

#include "connectors/git/githandle.h"

#include <QByteArray>
#include <QElapsedTimer>

#include <git2/sys/stream.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace pilothouse {
namespace {

/// So often it is seen that nobody wants the answer any more.
constexpr int glance = 50; // ms
constexpr std::chrono::milliseconds withoutLimit{30'000};

thread_local GitPatience *presentPatience = nullptr;

/// A connection as libgit2 sees it.
struct PatientStream : git_stream
{
    QByteArray host;
    QByteArray port;
    int socket = -1;
};

PatientStream &streamOf(git_stream *stream)
{
    return *static_cast<PatientStream *>(stream);
}

int failed(const char *what, int error)
{
    git_error_set_str(GIT_ERROR_NET, QByteArray(what) + ": " + strerror(error));
    return -1;
}

int givenUp(const char *why)
{
    git_error_set_str(GIT_ERROR_NET, why);
    return -1;
}

/// Until the socket can be read or written; 0, or why not.
int waitFor(int socket, short events)
{
    GitPatience *patience = GitPatience::present();
    const auto limit = patience ? patience->silence() : withoutLimit;
    QElapsedTimer waited;
    waited.start();
    for (;;) {
        pollfd wanted{socket, events, 0};
        const int ready = poll(&wanted, 1, glance);
        if (ready > 0)
            return 0;
        if (ready < 0 && errno != EINTR)
            return failed("waiting for the host", errno);
        if (patience && patience->isStopped())
            return givenUp("nobody waits any more");
        if (waited.elapsed() < limit.count())
            continue;
        if (patience)
            patience->end();
        return givenUp("the host gave no answer");
    }
}

int connectTo(PatientStream &stream, const addrinfo &place)
{
    stream.socket = socket(place.ai_family, place.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                           place.ai_protocol);
    if (stream.socket < 0)
        return failed("making a connection", errno);
    if (connect(stream.socket, place.ai_addr, place.ai_addrlen) == 0)
        return 0;
    if (errno != EINPROGRESS)
        return failed("connecting", errno);
    if (const int error = waitFor(stream.socket, POLLOUT))
        return error;
    int outcome = 0;
    socklen_t size = sizeof outcome;
    if (getsockopt(stream.socket, SOL_SOCKET, SO_ERROR, &outcome, &size) < 0)
        outcome = errno;
    return outcome == 0 ? 0 : failed("connecting", outcome);
}

int closeStream(git_stream *stream)
{
    PatientStream &ours = streamOf(stream);
    if (ours.socket >= 0)
        close(std::exchange(ours.socket, -1));
    return 0;
}

int connectStream(git_stream *stream)
{
    PatientStream &ours = streamOf(stream);
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    if (const int error = getaddrinfo(ours.host, ours.port, &hints, &found))
        return givenUp(gai_strerror(error));
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> places(found, freeaddrinfo);
    int outcome = -1;
    for (const addrinfo *place = places.get(); place && outcome != 0; place = place->ai_next) {
        closeStream(stream);
        outcome = connectTo(ours, *place);
    }
    return outcome;
}

ssize_t readStream(git_stream *stream, void *into, size_t most)
{
    for (;;) {
        const ssize_t read = recv(streamOf(stream).socket, into, most, 0);
        if (read >= 0)
            return read;
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (const int error = waitFor(streamOf(stream).socket, POLLIN))
                return error;
        } else if (errno != EINTR) {
            return failed("reading from the host", errno);
        }
    }
}

ssize_t writeStream(git_stream *stream, const char *data, size_t size, int flags)
{
    for (;;) {
        const ssize_t sent = send(streamOf(stream).socket, data, size, flags | MSG_NOSIGNAL);
        if (sent >= 0)
            return sent;
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (const int error = waitFor(streamOf(stream).socket, POLLOUT))
                return error;
        } else if (errno != EINTR) {
            return failed("writing to the host", errno);
        }
    }
}

void freeStream(git_stream *stream)
{
    closeStream(stream);
    delete &streamOf(stream);
}

int makeStream(git_stream **out, const char *host, const char *port)
{
    auto stream = std::make_unique<PatientStream>();
    stream->host = host;
    stream->port = port;
    stream->version = GIT_STREAM_VERSION;
    stream->connect = connectStream;
    stream->read = readStream;
    stream->write = writeStream;
    stream->close = closeStream;
    stream->free = freeStream;
    *out = stream.release();
    return 0;
}

} // namespace

GitPatience::GitPatience(std::chrono::milliseconds silence, const std::atomic<bool> &stopped)
    : m_silence(silence), m_stopped(stopped)
{
    presentPatience = this;
}

GitPatience::~GitPatience()
{
    presentPatience = nullptr;
}

GitPatience *GitPatience::present()
{
    return presentPatience;
}

void GitPatience::install()
{
    git_stream_registration registration{};
    registration.version = GIT_STREAM_VERSION;
    registration.init = makeStream;
    git_stream_register(GIT_STREAM_STANDARD, &registration);
}

} // namespace pilothouse
