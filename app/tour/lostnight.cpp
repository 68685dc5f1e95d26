#include "app/tour/lostnight.h"

#include "app/console/workspacewindow.h"
#include "app/tour/guide.h"
#include "app/tour/sandboxprocess.h"
#include "ui/oncall/oncallpage.h"
#include "workspace/workspacefile.h"

#include <QApplication>
#include <QClipboard>
#include <QPushButton>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr int patience = 60'000;

bool isNamed(const QList<LostLine> &lost, const QString &name)
{
    return std::any_of(lost.begin(), lost.end(),
                       [&name](const LostLine &line) { return line.name == name; });
}

/// In the light, and again in the dark.
void pictures(Guide &guide, const QString &name, const QString &caption)
{
    guide.picture(name, caption);
    guide.click(QStringLiteral("schemeButton"));
    guide.picture(QStringLiteral("dark-") + name, QStringLiteral("The same in the dark"));
    guide.click(QStringLiteral("schemeButton"));
}

/// Goes to the screen of a night in this window, as long as it is there.
class NightWindow final
{
public:
    NightWindow(Guide &guide, WorkspaceWindow &workspace) : m_guide(guide), m_before(guide.window())
    {
        workspace.open();
        m_guide.turnTo(workspace.window());
        m_guide.key(Qt::Key_F12);
        m_guide.expect(QStringLiteral("the screen of a night is shown"),
                       [&workspace] { return workspace.window().page() == Pages::Page::Night; });
    }
    ~NightWindow() { m_guide.turnTo(m_before); }
    NightWindow(const NightWindow &) = delete;
    NightWindow &operator=(const NightWindow &) = delete;

private:
    Guide &m_guide;
    QWidget &m_before;
};

/// The console is up while sources go, one after the other.
void losing(Guide &guide, SandboxProcess &rehearsal, const Workspace &workspace)
{
    WorkspaceWindow awake(workspace, {});
    const NightWindow night(guide, awake);
    const OnCallPage &page = awake.window().pages().onCall();
    guide.expect(
        QStringLiteral("it hurts, and the ways back are known"),
        [&] { return !page.shown().ways.isEmpty() && page.shown().firstBad.isValid(); }, patience);
    guide.expect(
        QStringLiteral("the last error is shown, and the cluster was asked what changed before"),
        [&] {
            const QList<WayLine> &ways = page.shown().ways;
            return hasSettled(page.shown()) && page.shown().lost.isEmpty()
                   && page.shown().earlierUnknown.isEmpty()
                   && std::any_of(ways.begin(), ways.end(), [](const WayLine &way) {
                          return way.kind == WayLine::Kind::Log;
                      });
        },
        patience);
    pictures(guide, QStringLiteral("night-hurting"),
             QStringLiteral("A night: what hurts, what changed before, the last error, the ways "
                            "back"));
    guide.expect(QStringLiteral("two sources go"), [&] {
        return rehearsal.fault(QStringLiteral("prometheus=lost,kubernetes=lost"));
    });
    guide.expect(
        QStringLiteral("both are named"),
        [&] {
            const QList<LostLine> &lost = page.shown().lost;
            return isNamed(lost, QStringLiteral("Prometheus"))
                   && isNamed(lost, QStringLiteral("Kubernetes"));
        },
        patience);
    pictures(guide, QStringLiteral("night-two-lost"),
             QStringLiteral("Two sources lost: each is named, with what is still possible"));
}

} // namespace

bool hasSettled(const OnCallView &view)
{
    return view.alertsReading.isEmpty() && view.earlierReading.isEmpty()
           && std::none_of(
               view.hurting.begin(), view.hurting.end(),
               [](const HurtLine &line) { return line.state == HurtLine::State::Reading; })
           && std::none_of(view.ways.begin(), view.ways.end(), [](const WayLine &way) {
                  return !way.offBecause.isEmpty() && way.off == WayLine::Off::Reading;
              });
}

void tellLostNight(Guide &guide, const QString &sandbox, const QString &folder)
{
    auto rehearsal = std::make_unique<SandboxProcess>(sandbox);
    if (!rehearsal->start(
            {QStringLiteral("--dir"), folder, QStringLiteral("--start-at"), QStringLiteral("11")}))
        throw Guide::Lost{rehearsal->problem()};
    const auto workspace = loadWorkspace(rehearsal->address(QStringLiteral("workspace")));
    if (!workspace)
        throw Guide::Lost{workspace.error().message};
    losing(guide, *rehearsal, *workspace);
    rehearsal.reset();

    WorkspaceWindow cold(*workspace, {});
    const NightWindow night(guide, cold);
    const OnCallPage &page = cold.window().pages().onCall();
    guide.expect(
        QStringLiteral("a console that starts with everything lost knows what was live"),
        [&] {
            // The rehearsal takes its repository with it: of GitHub and the schema nothing is
            // asked.
            return page.shown().lost.size() >= 3 && !page.shown().lastKnown.isEmpty();
        },
        patience);
    pictures(guide, QStringLiteral("night-all-lost"),
             QStringLiteral("Everything lost before the console started: the last known state with "
                            "its age, and the rollback as a command to copy"));
    auto *copy = cold.window().findChild<QPushButton *>(QStringLiteral("copyRollback-standalone"));
    if (!copy || !copy->isVisible())
        throw Guide::Lost{QStringLiteral("the rollback's command can be copied")};
    guide.clickAt(*copy, copy->rect().center());
    const QString copied = QApplication::clipboard()->text();
    guide.note(QStringLiteral("copied"), copied);
    guide.expect(QStringLiteral("the rollback's command was copied"),
                 [&] { return copied.startsWith(QLatin1String("kubectl ")); });
}

} // namespace pilothouse
