#pragma once

#include "app/sandbox/http/server.h"

#include <QTimer>
#include <QUrl>

namespace pilothouse {

/// A Kubernetes whose pods write their logs for a few tenths of a second and then end. Each log is
/// rotated once: whoever follows it is sent away.
class PodLogScene final
{
public:
    static constexpr int lines = 300;

    PodLogScene();

    [[nodiscard]] QUrl url() const;
    /// The whole log, every line with its stamp.
    [[nodiscard]] static QByteArray log();
    /// How many lines of it are errors.
    [[nodiscard]] static int errors();
    [[nodiscard]] static QString newestError();

private:
    struct Follower
    {
        sandbox::ExchangePtr exchange;
        int next = 0; ///< line that was not sent yet
    };

    void answer(const sandbox::ExchangePtr &exchange);
    void serve(Follower &follower) const;
    void goOn();

    int m_written = 20; ///< lines
    QList<Follower> m_followers;
    QTimer m_time;
    std::unique_ptr<sandbox::Server> m_server;
};

} // namespace pilothouse
