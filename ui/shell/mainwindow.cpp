#include "ui/shell/mainwindow.h"

#include "action/actionrunner.h"
#include "base/programs/signindesk.h"
#include "migration/migrationcontroller.h"
#include "migration/overdue/reminders.h"
#include "pipeline/act/buildstage.h"
#include "pipeline/pipelinecontroller.h"
#include "release/compare/showndiff.h"
#include "release/releasecontroller.h"
#include "release/releaserows.h"
#include "release/releasesources.h"
#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutcontroller.h"
#include "ui/frame/framewindow.h"
#include "ui/journal/journalpage.h"
#include "ui/logs/logpanel.h"
#include "ui/migration/changedetails.h"
#include "ui/migration/migrationpage.h"
#include "ui/pipeline/graphview.h"
#include "ui/pipeline/pipelinepage.h"
#include "ui/release/compare/comparedialog.h"
#include "ui/release/nextview.h"
#include "ui/release/releasepage.h"
#include "ui/rollout/rolloutpage.h"
#include "ui/rollout/trackview.h"
#include "ui/shell/closing/closing.h"
#include "ui/shell/footer.h"
#include "ui/shell/header.h"
#include "ui/shell/linkguide.h"
#include "ui/shell/noticelink.h"
#include "ui/shell/palette.h"
#include "ui/shell/sourcechips.h"
#include "ui/things/thingdesk.h"
#include "ui/widgets/environmentband.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/words.h"

#include <QAction>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QHBoxLayout>
#include <QMessageBox>
#include <QStatusBar>
#include <QTabBar>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <memory>

namespace pilothouse {
namespace {

constexpr int tickMilliseconds = 1000;
constexpr int saidForMilliseconds = 8000;

} // namespace

MainWindow::MainWindow(const Parts &parts, QWidget *parent)
    : QMainWindow(parent), m_parts(parts), m_band(new EnvironmentBand),
      m_chips(new SourceChips(parts.clock, parts.signIn)), m_tabs(new QTabBar),
      m_desk(new ThingDesk(parts.workspaceName, parts.vendorPages, &QDesktopServices::openUrl)),
      m_pages(new Pages(parts, *m_desk)), m_guide(new LinkGuide(parts, *this))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("%1 — Pilothouse").arg(parts.workspaceName));
    resize(FrameWindow::startSize);
    m_band->setEnvironment(parts.environment);

    m_tabs->setObjectName(QStringLiteral("pageTabs"));
    m_tabs->setAccessibleName(tr("Pages"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(false);
    for (const QString &name : Pages::names())
        m_tabs->addTab(name);

    auto *central = new QWidget;
    auto *inner = new QVBoxLayout;
    inner->setContentsMargins(spacing::Medium, spacing::Small, spacing::Medium, spacing::Small);
    inner->setSpacing(spacing::Small);
    auto *header = new Header(parts);
    connect(header, &Header::actionsRequested, this, &MainWindow::openPalette);
    inner->addWidget(header);
    auto *row = new QHBoxLayout;
    row->addWidget(m_tabs);
    row->addSpacing(spacing::Medium);
    row->addWidget(m_chips, 1);
    inner->addLayout(row);
    inner->addWidget(m_pages, 1);
    auto *outer = new QVBoxLayout(central);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    outer->addWidget(m_band);
    outer->addLayout(inner, 1);
    setCentralWidget(central);
    setStatusBar(new Footer(parts));
    m_desk->setParent(this); // after the pages, which are deleted before it

    makeActions();
    makeThingActions();
    makeClosing();
    if (parts.notices)
        new NoticeLink(*parts.notices, *this);
    connectSources();
    if (parts.signIn)
        followSignIn(*parts.signIn);
    if (parts.reminders)
        followReminders(*parts.reminders);
    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &MainWindow::tick);
    timer->start(tickMilliseconds);
    connect(m_tabs, &QTabBar::currentChanged, m_pages,
            [this](int page) { m_pages->showPage(Pages::Page(page)); });
    connect(&m_pages->release(), &ReleasePage::nextActivated, this, &MainWindow::act);
    connect(&m_pages->release(), &ReleasePage::compareRequested, this, &MainWindow::compare);
    connect(&m_pages->release(), &ReleasePage::trackActivated, this,
            [this](const TrackName &track) {
                m_pages->rollout().showTrack(track);
                showPage(Pages::Rollout);
            });
    connect(m_pages, &Pages::rollBackRequested, this, [this](const TrackName &track) {
        if (TrackView *view = m_pages->rollout().viewOf(track))
            view->rollBack();
    });
    const auto hold = [this](const TrackName &track) {
        if (TrackView *view = m_pages->rollout().viewOf(track))
            view->hold();
    };
    connect(m_pages, &Pages::holdRequested, this, hold);
    connect(&m_pages->release(), &ReleasePage::holdRequested, this, hold);
    connect(&m_pages->release(), &ReleasePage::retireRequested, this,
            [this](const TrackName &track) {
                if (TrackView *view = m_pages->rollout().viewOf(track))
                    view->retire();
            });
    connect(&m_pages->release(), &ReleasePage::migrationsRequested, this,
            [this] { showPage(Pages::Migration); });
    connect(m_pages, &Pages::podLogRequested, this,
            [this](const TrackName &track, const QString &pod) {
                m_pages->rollout().showTrack(track);
                showPage(Pages::Rollout);
                if (TrackView *view = m_pages->rollout().viewOf(track))
                    view->openPodLog(pod);
            });
    connect(&parts.release, &ReleaseController::shownChanged, this, &MainWindow::followShown);
    connect(&parts.release, &ReleaseController::changed, this, &MainWindow::followShown);
    // NEXT on the first page tells of the schema too: its facts are wanted whatever page is shown.
    parts.migrations.setVisible(true);
    tick();
    followShown();
}

MainWindow::~MainWindow() = default;

QAction *MainWindow::addWindowAction(const QString &text, const QString &icon,
                                     const QKeySequence &keys)
{
    auto *action = new QAction(icon.isEmpty() ? QIcon() : themedIcon(icon), text, this);
    action->setShortcut(keys);
    addAction(action);
    m_actions.append(action);
    return action;
}

void MainWindow::makeActions()
{
    const auto add
        = [this](const QString &text, const QString &icon, const QKeySequence &keys, auto what) {
              connect(addWindowAction(text, icon, keys), &QAction::triggered, this, what);
          };
    const QString names[] = {tr("Go to Release"), tr("Go to Pipeline"), tr("Go to Canary"),
                             tr("Go to Migrations"), tr("Go to History")};
    const QString icons[]
        = {QStringLiteral("house"), QStringLiteral("workflow"), QStringLiteral("chart-line"),
           QStringLiteral("database"), QStringLiteral("history")};
    for (int i = 0; i < 5; ++i)
        add(names[i], icons[i], QKeySequence(Qt::ALT | Qt::Key(Qt::Key_1 + i)),
            [this, i] { showPage(Pages::Page(i)); });
    add(tr("On Call"), QStringLiteral("siren"), QKeySequence(Qt::Key_F12),
        [this] { showPage(Pages::Night); });
    add(tr("Read Everything Again"), QStringLiteral("refresh-cw"), QKeySequence(Qt::Key_F5),
        &MainWindow::refreshAll);
    add(tr("All Actions"), QStringLiteral("command"), QKeySequence(Qt::CTRL | Qt::Key_K),
        &MainWindow::openPalette);
    add(tr("Keys"), QStringLiteral("keyboard"), QKeySequence(Qt::Key_Question),
        &MainWindow::showKeys);
    add(tr("Next Action"), QStringLiteral("arrow-right"), QKeySequence(Qt::CTRL | Qt::Key_Return),
        [this] { m_pages->release().nextView()->activateFirst(); });
    add(tr("Roll Back…"), QStringLiteral("undo-2"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R),
        &MainWindow::rollBack);
    add(tr("Promote…"), QStringLiteral("arrow-right"), {}, [this] {
        showPage(Pages::Rollout);
        if (TrackView *view = m_pages->rollout().current())
            view->promote();
    });
    add(tr("Arm or Disarm Guard…"), QStringLiteral("shield-alert"), {}, [this] {
        showPage(Pages::Rollout);
        if (TrackView *view = m_pages->rollout().current())
            view->guard();
    });
    add(tr("Find in Log"), QStringLiteral("search"), QKeySequence(Qt::CTRL | Qt::Key_F), [this] {
        showPage(Pages::Pipeline);
        m_pages->pipeline().logPanel()->find();
    });
    add(tr("Next Hit"), {}, QKeySequence(Qt::Key_F3),
        [this] { m_pages->pipeline().logPanel()->findNext(); });
    add(tr("Previous Hit"), {}, QKeySequence(Qt::SHIFT | Qt::Key_F3),
        [this] { m_pages->pipeline().logPanel()->findPrevious(); });
    add(tr("Add Note"), QStringLiteral("scroll-text"), QKeySequence(Qt::CTRL | Qt::Key_N), [this] {
        showPage(Pages::Journal);
        m_pages->journal().addNote();
    });
    add(tr("Compare…"), QStringLiteral("git-branch"), QKeySequence(Qt::CTRL | Qt::Key_D),
        [this] { compare(m_parts.diff.pair(), CompareSection::Commits); });
    add(tr("Release Notes…"), QStringLiteral("scroll-text"), {},
        [this] { compare(m_parts.diff.pair(), CompareSection::Notes); });
    add(tr("Light or Dark"), QStringLiteral("moon"), {}, [] {
        Theme &theme = Theme::instance();
        theme.setScheme(theme.isDark() ? Theme::Scheme::Light : Theme::Scheme::Dark);
    });
}

void MainWindow::connectSources()
{
    for (const BuildParts &build : std::as_const(m_parts.builds)) {
        m_chips->setSource(build.stage->source());
        connect(build.stage, &BuildStage::sourceChanged, m_chips, &SourceChips::setSource);
    }
    m_chips->setSource(m_parts.pipeline.runState());
    connect(&m_parts.pipeline, &PipelineController::sourceChanged, m_chips,
            &SourceChips::setSource);
    for (RolloutController *track : m_parts.tracks) {
        m_chips->setSource(track->trafficSource());
        m_chips->setSource(track->metricsSource());
        if (track->alertsSource().health != SourceState::Health::NotSetUp)
            m_chips->setSource(track->alertsSource());
        connect(track, &RolloutController::sourceChanged, m_chips, &SourceChips::setSource);
    }
    m_chips->setSource(m_parts.migrations.sourceState());
    connect(&m_parts.migrations, &MigrationController::sourceStateChanged, m_chips,
            &SourceChips::setSource);
    const auto followGit = [this](const SourceState &state) {
        m_chips->setSource(state);
        m_pages->pipeline().setUnread(m_parts.release.sources().unread());
    };
    const ReleaseSources &read = m_parts.release.sources();
    followGit(read.gitCopy());
    connect(&read, &ReleaseSources::gitCopyChanged, this, followGit);
    connect(&m_pages->pipeline(), &PipelinePage::readAgainRequested, this, &MainWindow::refreshAll);
}

void MainWindow::followSignIn(const SignInDesk &desk)
{
    connect(&desk, &SignInDesk::signedIn, this, &MainWindow::refreshAll);
    connect(m_chips, &SourceChips::pageRequested, this, &QDesktopServices::openUrl);
    LogPanel *logs = m_pages->pipeline().logPanel();
    logs->setSignIn(desk);
    connect(logs, &LogPanel::signInRequested, m_chips, &SourceChips::openCard);
    connect(&desk, &SignInDesk::signedIn, logs, &LogPanel::readAgain);
}

void MainWindow::followReminders(const Reminders &reminders)
{
    const auto follow = [this, &reminders] {
        const int late = lateCount(reminders.standings());
        const QString name = Pages::names()[Pages::Migration];
        m_tabs->setTabText(Pages::Migration,
                           late > 0 ? tr("%1 · %2 late").arg(name).arg(late) : name);
        m_tabs->updateGeometry(); // which another text does not ask for
    };
    connect(&reminders, &Reminders::changed, this, follow);
    follow();
}

void MainWindow::showPage(Pages::Page page)
{
    m_tabs->setCurrentIndex(page);
}

void MainWindow::refreshAll()
{
    m_parts.release.refresh();
    m_parts.pipeline.refresh();
    for (const BuildParts &build : std::as_const(m_parts.builds))
        build.stage->refresh();
    for (RolloutController *track : m_parts.tracks)
        track->refresh();
    m_parts.migrations.start();
    if (m_parts.reminders)
        m_parts.reminders->start();
    m_pages->journal().refresh();
}

void MainWindow::followShown()
{
    const auto &commit = m_parts.release.commit();
    if (commit && m_parts.pipeline.commit() != commit->id)
        m_parts.pipeline.show(commit->id);
}

void MainWindow::tick()
{
    const QDateTime now = m_parts.clock.now();
    const QString utc = now.toString(QStringLiteral("HH:mm:ss 'UTC'"));
    const QString local = clockText(now);
    m_band->setTexts(m_parts.workspaceName,
                     local == utc ? utc : QStringLiteral("%1 · %2").arg(local, utc));
    m_chips->refreshAges();
    m_pages->pipeline().refreshAges();
    m_pages->migration().details()->refreshAges();
}

void MainWindow::act(const NextRow &row)
{
    if (row.kind == NextRow::Kind::Schema) {
        showPage(Pages::Migration);
        m_pages->migration().showChange(row.change);
        return;
    }
    if (row.kind == NextRow::Kind::Approval) {
        showWaiting(row.run);
        return;
    }
    m_pages->rollout().showTrack(row.track);
    showPage(Pages::Rollout);
    TrackView *view = m_pages->rollout().viewOf(row.track);
    if (!view)
        return;
    if (row.action == NextAction::Kind::Promote)
        view->promote();
    else if (row.action == NextAction::Kind::RollBack)
        view->rollBack();
    else if (row.action == NextAction::Kind::Lift)
        view->hold();
}

void MainWindow::rollBack()
{
    const TrackView *current = page() == Pages::Rollout ? m_pages->rollout().current() : nullptr;
    if (!current && m_parts.tracks.isEmpty())
        return say(tr("There is nothing to roll back: pilothouse.yaml names no track."));
    const RolloutController &track = current ? current->track() : *m_parts.tracks.first();
    const Permission may = track.mayRollBack();
    if (!may.allowed())
        return say(tr("Roll back of %1 is off: %2")
                       .arg(track.track().value, may.first(Reason::Kind::Blocks)));
    // The night's screen tells more of it than any other.
    if (page() != Pages::Night) {
        m_pages->rollout().showTrack(track.track());
        showPage(Pages::Rollout);
    }
    if (TrackView *view = m_pages->rollout().viewOf(track.track()))
        view->rollBack();
}

void MainWindow::showWaiting(const RunId &run)
{
    showPage(Pages::Pipeline);
    if (m_pages->pipeline().showBuild(run))
        return;
    m_parts.pipeline.showRun(run);
    // The buttons there are about the run of the chosen job.
    const QList<Job> jobs = allJobs(m_parts.pipeline.overlay());
    const auto waits = std::find_if(jobs.cbegin(), jobs.cend(), [&run](const Job &job) {
        return job.run == run && job.status == RunStatus::Waiting;
    });
    if (waits != jobs.cend())
        m_parts.pipeline.selectJob(waits->id);
}

void MainWindow::compare(const std::optional<ComparePair> &pair, CompareSection first)
{
    const auto seen = [this] {
        return seenWorld(m_parts.tracks, &m_parts.migrations);
    };
    auto *dialog = new CompareDialog(m_parts.release, m_parts.compare, seen, this);
    dialog->setThings(*m_desk);
    dialog->compare(pair, first);
    dialog->open();
}

void MainWindow::openPalette()
{
    (new CommandPalette(actions(), this))->open();
}

void MainWindow::showKeys()
{
    QString text;
    for (const QAction *action : std::as_const(m_actions)) {
        if (!action->shortcut().isEmpty())
            text += QStringLiteral("<tr><td><b>%1</b>&nbsp;&nbsp;</td><td>%2</td></tr>")
                        .arg(action->shortcut().toString(QKeySequence::NativeText).toHtmlEscaped(),
                             action->text().toHtmlEscaped());
    }
    text += tr(
        "<tr><td><b>Arrows, Enter</b>&nbsp;&nbsp;</td><td>In the graph, lists and tables</td></tr>"
        "<tr><td><b>End</b></td><td>Follow the log</td></tr>");
    auto *box
        = new QMessageBox(QMessageBox::NoIcon, tr("Keys"),
                          QStringLiteral("<table>%1</table>").arg(text), QMessageBox::Close, this);
    box->setObjectName(QStringLiteral("keysDialog"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::makeThingActions()
{
    const auto add = [this](const QString &text, const QString &icon, const QKeySequence &keys,
                            void (ThingDesk::*does)(const Thing &)) {
        connect(addWindowAction(text, icon, keys), &QAction::triggered, this, [this, does] {
            if (const auto thing = m_desk->at(m_pages->shown()))
                (m_desk->*does)(*thing);
            else
                say(tr("There is nothing here yet that could be copied or opened."));
        });
    };
    add(tr("Copy Link"), QStringLiteral("copy"), QKeySequence(Qt::CTRL | Qt::Key_L),
        &ThingDesk::copyLink);
    add(tr("Copy for Chat"), QStringLiteral("copy"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C),
        &ThingDesk::copyForChat);
    add(tr("Open at Its Vendor"), QStringLiteral("external-link"),
        QKeySequence(Qt::CTRL | Qt::Key_O), &ThingDesk::open);
    connect(m_desk, &ThingDesk::said, this, &MainWindow::say);
    connect(m_guide, &LinkGuide::said, this, &MainWindow::say);
}

void MainWindow::say(const QString &sentence)
{
    statusBar()->showMessage(sentence, saidForMilliseconds);
}

void MainWindow::follow(const QString &link)
{
    m_guide->follow(link);
}

bool MainWindow::event(QEvent *event)
{
    const bool done = QMainWindow::event(event);
    if (event->type() == QEvent::Paint && !m_painted) {
        m_painted = true;
        m_pages->makeAll();
    }
    return done;
}

void MainWindow::makeClosing()
{
    const auto leaving = [this] {
        // Who may not act leaves nothing behind.
        return m_parts.readOnly ? Leaving() : leavingOf(m_parts.tracks, m_parts.migrations);
    };
    const auto signOff = [this](const std::function<void()> &done) {
        const auto open = std::make_shared<qsizetype>(m_parts.tracks.size());
        if (*open == 0)
            return done();
        for (RolloutController *track : std::as_const(m_parts.tracks)) {
            track->guard().signOff([open, done] {
                if (--*open == 0)
                    done();
            });
        }
    };
    m_closing = new Closing({m_parts.environment, m_parts.actions.actor(), leaving, m_parts.journal,
                             m_parts.clock, m_parts.headlessGuard, signOff},
                            *this);
    for (RolloutController *track : std::as_const(m_parts.tracks))
        connect(track, &RolloutController::changed, m_closing, &Closing::refresh);
    connect(&m_parts.migrations, &MigrationController::changed, m_closing, &Closing::refresh);
    connect(m_closing, &Closing::rollBackRequested, this, [this](const TrackName &track) {
        m_pages->rollout().showTrack(track);
        showPage(Pages::Rollout);
        if (TrackView *view = m_pages->rollout().viewOf(track))
            view->rollBack();
    });
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    event->setAccepted(m_closing->mayClose());
}

} // namespace pilothouse
