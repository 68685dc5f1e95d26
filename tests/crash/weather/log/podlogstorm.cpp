#include "connectors/kubernetes/podlogs.h"
#include "crash/weather/lanes.h"
#include "crash/weather/log/podlogscene.h"
#include "logs/errors/poderrors.h"
#include "logs/logcontroller.h"
#include "support/soon.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

constexpr int mostPresses = 4;
const TrackName track(QStringLiteral("standalone"));
const QString shown = QStringLiteral("web-1");   ///< somebody reads its log,
const QString watched = QStringLiteral("web-2"); ///< and only the last error of this one

/// The logs of two pods at a Kubernetes that is disturbed once. What did not come is read again
/// once all is well; the errors come back by themselves.
class PodLogPass final
{
public:
    PodLogPass(PodLogScene &scene, FaultyServer::Speaks speaks, const Disturbance &disturbance)
        : m_client({QStringLiteral("Kubernetes"), scene.url(), "only-token", 120s}, speaks,
                   disturbance),
          m_api(m_client.http(), m_client.clock(), m_client.url()),
          m_pods(m_api, m_client.clock(), track, QStringLiteral("production")),
          m_logs({&m_pods}, m_spool.path(), m_client.clock()),
          m_errors({&m_pods}, track, m_client.clock())
    {
        QObject::connect(&m_logs, &LogController::changed, &m_logs, [this] { look(); });
        QObject::connect(&m_errors, &PodErrors::changed, &m_errors, [this] { look(); });
    }

    PassResult run()
    {
        PassResult result = m_client.run(
            [this] {
                m_errors.setPods({watched});
                m_errors.look(&m_errors);
                m_logs.open(PodLog{track, shown, {}}, shown);
                readToTheEnd();
                seeTheErrors();
                demand(m_wrong.isEmpty(), m_wrong);
            },
            [this] { return told(); });
        result.outcomes = m_outcomes;
        return result;
    }

private:
    [[nodiscard]] QByteArray text() const
    {
        QByteArray text;
        for (qint64 line = 0; m_logs.store() && line < m_logs.store()->lineCount(); ++line)
            text += m_logs.store()->line(line) + '\n';
        return text;
    }

    /// At any time: the lines of the log, each once and in their order, or a sentence.
    void look()
    {
        if (m_logs.state() == LogController::State::Complete && text() != PodLogScene::log())
            m_wrong = QStringLiteral("something else is shown as the whole log: ")
                      + QString::fromLatin1(text().left(100));
        const bool failed = m_logs.state() == LogController::State::Failed;
        if (failed && !PodLogScene::log().startsWith(text()))
            m_wrong = QStringLiteral("something else is shown as the log's beginning: ")
                      + QString::fromLatin1(text().left(100));
        if (failed && !(m_logs.error() && isSentence(m_logs.error()->message)))
            m_wrong = QStringLiteral("a log that failed does not say why");
        const PodErrorsView view = m_errors.view();
        const bool unreadable = view.state == PodErrorsView::State::Unreadable;
        if (unreadable && !isSentence(view.error))
            m_wrong = QStringLiteral("errors that cannot be read do not say why");
        if (unreadable && !m_outcomes.contains(unread))
            m_outcomes.append(unread);
        if (view.count > PodLogScene::errors())
            m_wrong = QStringLiteral("errors are counted twice");
    }

    [[nodiscard]] static bool isSentence(const QString &text)
    {
        return text.trimmed().endsWith(QLatin1Char('.'));
    }

    /// Presses F5 until the log is there, and no more often than somebody would who reads first.
    void readToTheEnd()
    {
        using State = LogController::State;
        const auto ended = [this] {
            return m_logs.state() == State::Complete || m_logs.state() == State::Failed;
        };
        for (int press = 1;; ++press) {
            demand(soon(ended), QStringLiteral("the log never ends"));
            if (m_logs.state() == State::Complete)
                return;
            demand(press <= mostPresses, QStringLiteral("the log does not come"));
            m_outcomes.append(QStringLiteral("log: failed"));
            demand(soon([&] { return m_client.isWell(); }), QStringLiteral("never well again"));
            m_logs.reopen();
        }
    }

    void seeTheErrors()
    {
        demand(soon([&] {
                   const PodErrorsView view = m_errors.view();
                   return view.state == PodErrorsView::State::Errors
                          && view.count == PodLogScene::errors() && view.pod == watched
                          && view.newest.text.contains(PodLogScene::newestError());
               }),
               QStringLiteral("the errors are not seen"));
    }

    /// All that there is to know, for whoever reads of a failure.
    [[nodiscard]] QString told() const
    {
        const PodErrorsView view = m_errors.view();
        return QStringLiteral("\n    log %1: %2; errors %3: %4, newest “%5” %6")
            .arg(int(m_logs.state()))
            .arg(m_logs.error() ? m_logs.error()->message : QString())
            .arg(int(view.state))
            .arg(view.count)
            .arg(view.newest.text, view.error);
    }

    static inline const QString unread = QStringLiteral("errors: unreadable for a time");

    QTemporaryDir m_spool;
    DisturbedClient m_client;
    KubernetesApi m_api;
    PodLogs m_pods;
    LogController m_logs;
    PodErrors m_errors;
    QString m_wrong;
    QStringList m_outcomes;
};

} // namespace

/// The logs of pods that are followed, with every call for them going wrong in every way: each line
/// comes once and in its order, also past a break, or a sentence and the log at the next F5.
class PodLogStorm final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverGoesWrongNoLineIsLostOrDoubled()
    {
        const auto pass = [](FaultyServer::Speaks speaks, const Disturbance &disturbance) {
            PodLogScene scene;
            return PodLogPass(scene, speaks, disturbance).run();
        };
        const StormResult result = storm(QStringLiteral("Pod logs"), pass, Reads::Each);
        for (const QString &failure : result.failures)
            qInfo("%s", qPrintable(failure));
        QVERIFY(result.failures.isEmpty());
        QVERIFY(result.calls >= 5);
        QVERIFY(result.tried >= 100);
        QVERIFY(result.missed * 10 <= result.tried);
    }
};

QTEST_GUILESS_MAIN(PodLogStorm)
#include "podlogstorm.moc"
