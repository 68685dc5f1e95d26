#include "app/wiring/headless/termination.h"

#include <QSocketNotifier>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace pilothouse {
namespace {

/// A signal handler may do next to nothing: it writes one byte here, the event loop reads it.
std::array<int, 2> signalPipe{-1, -1};

void passOn(int)
{
    const char byte = 1;
    [[maybe_unused]] const ssize_t written = write(signalPipe[1], &byte, 1);
}

} // namespace

Termination::Termination(QObject *parent) : QObject(parent)
{
    if (pipe2(signalPipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return; // no descriptors left: the signals then end the program at once, as by default
    auto *notifier = new QSocketNotifier(signalPipe[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this, notifier] {
        notifier->setEnabled(false);
        Q_EMIT requested();
    });
    for (const int signal : {SIGINT, SIGTERM})
        std::signal(signal, passOn);
}

Termination::~Termination()
{
    for (const int signal : {SIGINT, SIGTERM})
        std::signal(signal, SIG_DFL);
    for (int &end : signalPipe) {
        if (end >= 0)
            close(end);
        end = -1;
    }
}

} // namespace pilothouse
