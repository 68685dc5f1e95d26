#pragma once

#include "base/commandrunner.h"
#include "crash/weather/routescene.h"

namespace pilothouse {

/// The canary at 0 %, whose stable a release "web" deployed twice: nothing but the deploy before
/// leads back. Its helm is played here, and never goes wrong: it writes the Secrets that helm
/// writes, and the Deployment; the Pods follow.
class WayBackScene final : public RouteScene, public CommandRunner
{
public:
    /// What the deploy before brought.
    [[nodiscard]] static QString earlierCommit() { return QString(40, QLatin1Char('c')); }

    WayBackScene();

    [[nodiscard]] std::unique_ptr<TrafficControl> control(HttpClient &http, Clock &clock,
                                                          const QUrl &server) override;
    [[nodiscard]] QFuture<Result<CommandOutput>> run(const Command &command) override;

    /// How often helm was told to roll back, dry runs aside.
    [[nodiscard]] int rollbacks() const { return m_rollbacks; }

private:
    void add(const QString &commit, const QString &description);
    void make(const QString &commit);
    void rollOut(const QString &commit);

    QObject m_self;
    QStringList m_commits; ///< of the stable, by revision from 1 on
    int m_rollbacks = 0;
};

} // namespace pilothouse
