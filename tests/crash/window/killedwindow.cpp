#include "app/console/workspacewindow.h"
#include "app/tour/guide.h"
#include "rollout/rolloutcontroller.h"
#include "ui/action/confirmationdialog.h"
#include "ui/widgets/theme.h"
#include "workspace/workspacefile.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QJsonDocument>
#include <QTest>

#include <cstdio>

// The console's own window, driven as a person would, by the command line of `pilothouse-cli`: what
// can be killed in the middle of a press. It knows nothing of its end.

using namespace pilothouse;

namespace {

enum Exit { Fine = 0, NoData = 3, CouldNotAct = 4 };

constexpr int patience = 20'000;
constexpr int looksAgainFor = 5'000;

class Hand final
{
public:
    Hand(WorkspaceWindow &window, const QString &folder)
        : m_window(window), m_guide(window.window(), folder)
    {}

    int act(const QCommandLineParser &said)
    {
        m_forward = said.positionalArguments().value(0) == QLatin1String("promote");
        m_guide.expect(
            QStringLiteral("what was open is settled"),
            [&] { return m_window.console().isSettled(); }, patience);
        // A window stays: what it could not see at once it looks at again.
        (void)QTest::qWaitFor([&] { return !m_window.console().looksAgain(); }, looksAgainFor);
        const int wait = said.value(QStringLiteral("wait")).chopped(1).toInt() * 1000;
        if (!QTest::qWaitFor([&] { return track().traffic().has_value(); }, wait)) {
            const auto error = track().trafficSource().error;
            std::fprintf(stderr, "%s\n", error ? qPrintable(error->message) : "nothing was read");
            return NoData;
        }
        if (!said.isSet(QStringLiteral("confirm"))) {
            const QJsonObject shown{{QStringLiteral("confirm"), preview().typed}};
            std::printf("%s\n", QJsonDocument(shown).toJson(QJsonDocument::Compact).constData());
            return Fine;
        }
        press(said);
        return Fine;
    }

private:
    [[nodiscard]] const RolloutController &track() const
    {
        return *m_window.console().tracks().constFirst();
    }
    [[nodiscard]] Preview preview() const
    {
        return m_forward ? track().previewPromote() : track().previewRollback();
    }
    void press(const QCommandLineParser &said)
    {
        m_guide.key(Qt::Key_3, Qt::AltModifier);
        const Weight before = track().traffic()->value.asked;
        m_guide.click(m_forward ? QStringLiteral("promoteButton")
                                : QStringLiteral("rollBackButton"));
        m_guide.expect(
            QStringLiteral("it is to be confirmed"), [&] { return m_guide.dialog() != nullptr; },
            patience);
        const auto *dialog = qobject_cast<ConfirmationDialog *>(m_guide.dialog());
        const QString reason = dialog && dialog->preview().reasonRequired
                                   ? said.value(QStringLiteral("reason"))
                                   : QString();
        m_guide.confirm(said.value(QStringLiteral("confirm")), reason, patience);
        m_guide.expect(
            QStringLiteral("it is done"),
            [&] {
                const Weight now = track().traffic()->value.asked;
                return now != before && track().traffic()->value.accepted == now && !track().busy();
            },
            patience);
    }

    WorkspaceWindow &m_window;
    Guide m_guide;
    bool m_forward = true;
};

} // namespace

int main(int argc, char *argv[])
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    QCommandLineParser said;
    said.addPositionalArgument(QStringLiteral("command"), QStringLiteral("promote or rollback"));
    said.addOption({QStringLiteral("json"), {}});
    for (const char *option : {"wait", "reason", "confirm", "workspace", "track"})
        said.addOption({QLatin1String(option), {}, QStringLiteral("value")});
    said.process(application);

    const QString file = said.value(QStringLiteral("workspace"));
    const auto workspace = loadWorkspace(file);
    if (!workspace) {
        std::fprintf(stderr, "%s\n", qPrintable(workspace.error().message));
        return CouldNotAct;
    }
    Theme::instance().apply(application);
    Console::Options options;
    options.actor = QStringLiteral("A. Muster");
    WorkspaceWindow window(*workspace, options);
    window.open();
    try {
        return Hand(window, QFileInfo(file).absolutePath()).act(said);
    } catch (const Guide::Lost &lost) {
        std::fprintf(stderr, "did not see: %s\n", qPrintable(lost.what));
        return CouldNotAct;
    }
}
