#include "ui/logs/logpanel.h"

#include "base/programs/signindesk.h"
#include "logs/logcontroller.h"
#include "ui/logs/hitmap.h"
#include "ui/logs/logmenus.h"
#include "ui/logs/logsearchbar.h"
#include "ui/logs/logview.h"
#include "ui/logs/runsearch/runsearchlist.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/stateview.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QScrollBar>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

using namespace std::chrono_literals;

/// A silence worth telling.
constexpr auto longSilence = 60s;
constexpr auto saidFor = 8s;

QToolButton *button(QWidget *parent, const char *objectName, const QString &icon,
                    const QString &text)
{
    auto *made = new QToolButton(parent);
    made->setObjectName(QLatin1String(objectName));
    made->setIcon(themedIcon(icon));
    made->setText(text);
    made->setAccessibleName(text);
    made->setAutoRaise(true);
    made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    return made;
}

/// "reconnected 14:33:51", "reconnected 3 times, last 14:33:51".
QString reconnectWords(const LogController &controller)
{
    const QString last
        = controller.reconnectedAt().toLocalTime().toString(QStringLiteral("HH:mm:ss"));
    return controller.reconnects() == 1 ? LogPanel::tr("reconnected %1").arg(last)
                                        : LogPanel::tr("reconnected %1 times, last %2")
                                              .arg(controller.reconnects())
                                              .arg(last);
}

bool isOfBuild(const LogController &controller)
{
    return controller.target() && std::holds_alternative<BuildLog>(*controller.target());
}

QString silenceWords(const LogController &controller)
{
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(controller.silence());
    const QString silent = LogPanel::tr("No line for %1 min").arg(minutes.count());
    if (controller.reconnects() > 0)
        return LogPanel::tr("%1; %2. Read Again in the menu Copy begins anew.")
            .arg(silent, reconnectWords(controller));
    return isOfBuild(controller) ? LogPanel::tr("%1: the build may have nothing to say. Read Again "
                                                "in the menu Copy begins anew.")
                                       .arg(silent)
                                 : LogPanel::tr("%1: the pod may have nothing to say. Read Again "
                                                "in the menu Copy begins anew.")
                                       .arg(silent);
}

/// How an opened file stands.
QString fileWords(const LogController &controller)
{
    using OnDisk = LogController::OnDisk;
    const QDateTime written = controller.store()->writtenAt().toLocalTime();
    switch (controller.onDisk()) {
    case OnDisk::None:
        break;
    case OnDisk::Whole:
        return LogPanel::tr("Complete: the file was last written %1. It is followed if it grows.")
            .arg(written.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")));
    case OnDisk::Grows:
        return LogPanel::tr("Follows the file as it grows; last written %1.")
            .arg(written.toString(QStringLiteral("HH:mm:ss")));
    case OnDisk::Replaced:
        return LogPanel::tr("Another file has this name now: these are the lines of the one before "
                            "it, as far as they were read. Read Again in the menu Copy opens the "
                            "new one.");
    case OnDisk::Gone:
        return LogPanel::tr("No file has this name any more: these are the lines of the one that "
                            "had it. Read Again in the menu Copy looks for a new one.");
    }
    return {};
}

QString streamWords(const LogController &controller)
{
    if (isOfBuild(controller))
        return LogPanel::tr("Follows the build until it ends.");
    QString words
        = controller.reconnects() > 0
              ? LogPanel::tr("Streams while the pod runs; %1.").arg(reconnectWords(controller))
              : LogPanel::tr("Streams while the pod runs.");
    if (const int lines = controller.beginsLinesBack(); lines > 0)
        words += LogPanel::tr(" It begins at most %1 lines back.")
                     .arg(QLocale(QLocale::English).toString(lines));
    return words;
}

} // namespace

LogPanel::LogPanel(LogController &controller, QWidget *parent)
    : Panel(tr("Log"), parent), m_controller(controller), m_stack(new QStackedWidget(this)),
      m_lines(new QWidget), m_view(new LogView), m_map(new HitMap),
      m_menus(new LogMenus(controller, *m_view, this)), m_state(new StateView),
      m_search(new LogSearchBar), m_line(new QLabel(this)),
      m_follow(button(this, "followButton", QStringLiteral("chevron-down"), tr("Follow"))),
      m_firstError(button(this, "firstErrorButton", QStringLiteral("circle-x"), tr("First Error"))),
      m_jump(button(this, "jumpButton", QStringLiteral("arrow-right"), tr("Jump"))),
      m_copy(button(this, "copyButton", QStringLiteral("copy"), tr("Copy"))),
      m_open(button(this, "openLogButton", QStringLiteral("external-link"), tr("Open Log File"))),
      m_lastGreen(
          button(this, "lastGreenButton", QStringLiteral("history"), tr("Against Last Green")))
{
    setObjectName(QStringLiteral("logPanel"));
    m_follow->setCheckable(true);
    m_follow->setToolTip(tr("Follow the end (End)"));
    m_jump->setMenu(m_menus->jumpMenu());
    m_copy->setMenu(m_menus->copyMenu());
    for (QToolButton *opener : {m_jump, m_copy})
        opener->setPopupMode(QToolButton::InstantPopup);
    m_open->setToolButtonStyle(Qt::ToolButtonIconOnly);
    m_open->setToolTip(tr("Open a log from disk"));
    for (QWidget *widget : std::initializer_list<QWidget *>{m_firstError, m_lastGreen, m_jump,
                                                            m_copy, m_follow, m_open})
        addAction(widget);
    m_lastGreen->hide(); // until somebody answers it
    auto *beside = new QHBoxLayout(m_lines);
    beside->setContentsMargins(0, 0, 0, 0);
    beside->setSpacing(0);
    beside->addWidget(m_view, 1);
    beside->addWidget(m_map);
    m_stack->addWidget(m_lines);
    m_stack->addWidget(m_state);
    m_line->setObjectName(QStringLiteral("logStateLine"));
    m_line->setFont(Theme::instance().smallFont());
    m_line->setTextFormat(Qt::PlainText);
    m_line->setWordWrap(true); // a refusal may be long, and must not widen the window
    m_saidFor.setSingleShot(true);
    auto *searchRow = new QHBoxLayout;
    searchRow->addWidget(m_search);
    searchRow->addStretch(1);
    body()->addLayout(searchRow);
    body()->addWidget(m_line);
    body()->addWidget(m_stack, 1);

    connect(&m_controller, &LogController::changed, this, &LogPanel::refresh);
    connect(&m_controller, &LogController::silenceChanged, this, &LogPanel::refreshStateLine);
    connect(&m_controller, &LogController::onDiskChanged, this, &LogPanel::refreshStateLine);
    connect(&m_controller.search(), &LogSearch::changed, this, &LogPanel::refreshSearch);
    connect(&m_controller.errors(), &LogSearch::changed, this, &LogPanel::refreshErrors);
    connect(m_view, &LogView::followingChanged, this, &LogPanel::refreshRemark);
    connect(m_view, &LogView::refreshed, this, &LogPanel::grow);
    connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, this, &LogPanel::refreshMap);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_view, &QWidget::customContextMenuRequested, this, &LogPanel::showMenu);
    connect(m_map, &HitMap::lineChosen, m_view, &LogView::showLine);
    connect(m_menus, &LogMenus::said, this, &LogPanel::say);
    connect(&m_saidFor, &QTimer::timeout, this, [this] { say({}); });
    connect(m_search, &LogSearchBar::queryChanged, this, &LogPanel::search);
    connect(m_search, &LogSearchBar::filterChanged, this,
            [this] { m_view->setFilter(m_search->filter()); });
    connect(m_search, &LogSearchBar::allJobsChanged, this, &LogPanel::changeWhatIsSearched);
    connect(m_search, &LogSearchBar::nextWanted, this, &LogPanel::findNext);
    connect(m_search, &LogSearchBar::previousWanted, this, &LogPanel::findPrevious);
    connect(m_follow, &QToolButton::clicked, m_view, &LogView::setFollowing);
    connect(m_firstError, &QToolButton::clicked, this, &LogPanel::showFirstError);
    connect(m_open, &QToolButton::clicked, m_menus, &LogMenus::askForFile);
    connect(m_state, &StateView::retryRequested, this, [this] {
        if (const QString source = signedOutSource(); !source.isEmpty())
            Q_EMIT signInRequested(source);
        else
            m_controller.reopen();
    });
    refresh();
}

void LogPanel::find()
{
    m_search->focusField();
}

void LogPanel::findNext()
{
    if (searchesAllJobs())
        return m_runHits->choose(1);
    m_view->showLine(m_controller.search().next(m_view->currentLine()));
}

void LogPanel::findPrevious()
{
    if (searchesAllJobs())
        return m_runHits->choose(-1);
    m_view->showLine(m_controller.search().previous(m_view->currentLine()));
}

void LogPanel::showFirstError()
{
    m_firstErrorWanted = true;
    m_controller.findErrors();
    refreshErrors();
}

void LogPanel::setRunSearch(RunSearch &search)
{
    m_runSearch = &search;
    m_runHits = new RunSearchList(search);
    m_stack->addWidget(m_runHits);
    m_search->offerAllJobs();
    // Also from the lines and from the list.
    auto *key = new QShortcut(QKeySequence(Qt::ALT | Qt::Key_A), this);
    key->setContext(Qt::WidgetWithChildrenShortcut);
    connect(key, &QShortcut::activated, m_search,
            [this] { m_search->setAllJobs(!m_search->allJobs()); });
    connect(m_runHits, &RunSearchList::hitOpened, this, &LogPanel::openHit);
    connect(&search, &RunSearch::changed, this, &LogPanel::refreshSearch);
    refresh();
}

bool LogPanel::searchesAllJobs() const
{
    return m_runSearch && m_search->allJobs();
}

void LogPanel::changeWhatIsSearched()
{
    if (searchesAllJobs()) {
        m_runSearch->setQuery(m_search->query());
        m_runSearch->open();
    } else if (!m_openingHit) {
        m_runSearch->close();
    }
    refresh();
    if (!m_openingHit)
        m_search->focusField();
}

void LogPanel::openHit(const LogTarget &target, const QString &title, qint64 line)
{
    const std::shared_ptr<LogStore> log = m_runSearch->log(target);
    if (!log)
        return;
    const auto *job = std::get_if<JobLog>(&target);
    m_openingHit = true;
    m_search->setAllJobs(false);
    m_openingHit = false;
    if (m_controller.target() != target || m_controller.state() != LogController::State::Complete)
        m_controller.openHeld(target,
                              job ? tr("%1 · run %2").arg(title).arg(job->run.value) : title, log);
    m_view->showLine(line);
    m_view->setFocus();
    Q_EMIT hitOpened(target);
}

void LogPanel::search()
{
    if (searchesAllJobs())
        m_runSearch->setQuery(m_search->query());
    m_controller.search().start(m_controller.store(), m_search->query());
}

void LogPanel::refresh()
{
    const LogStore *store = m_controller.store();
    if (store && store != m_shown) {
        m_firstErrorWanted = false;
        const auto showFirstLines = [this] {
            if (m_stack->currentWidget() == m_state)
                refresh();
        };
        connect(store, &LogStore::grown, this, showFirstLines);
        connect(store, &LogStore::openLineGrown, this, showFirstLines);
    }
    m_shown = store;
    m_view->setLog(store, &m_controller.search());
    if (store && m_controller.search().query() != m_search->query())
        search();
    setTitle(m_controller.title().isEmpty() ? tr("Log") : tr("Log · %1").arg(m_controller.title()));

    const bool lines = store && !store->isEmpty();
    if (searchesAllJobs())
        m_stack->setCurrentWidget(m_runHits);
    else if (lines)
        m_stack->setCurrentWidget(m_lines);
    else
        refreshState();
    for (QWidget *widget : std::initializer_list<QWidget *>{m_firstError, m_follow, m_jump, m_copy})
        widget->setEnabled(lines && !searchesAllJobs());
    m_search->setSearchable(lines || searchesAllJobs());
    m_lastGreen->setEnabled(lines && !searchesAllJobs()
                            && m_controller.state() == LogController::State::Complete
                            && m_controller.target());
    refreshStateLine();
    refreshSearch();
    refreshRemark();
}

void LogPanel::setSignIn(const SignInDesk &desk)
{
    m_signIn = &desk;
    refresh();
}

void LogPanel::readAgain()
{
    if (m_controller.state() == LogController::State::Failed)
        m_controller.reopen();
}

QString LogPanel::signedOutSource() const
{
    const auto &error = m_controller.error();
    if (!m_signIn || !error || error->kind != ErrorKind::SignedOut || !m_controller.target())
        return {};
    const QString source
        = std::holds_alternative<JobLog>(*m_controller.target())     ? QStringLiteral("GitHub")
          : std::holds_alternative<BuildLog>(*m_controller.target()) ? QStringLiteral("Cloud Build")
                                                                     : QString();
    return m_signIn->loginOf(source) ? source : QString();
}

void LogPanel::refreshState()
{
    using State = LogController::State;
    const State state = m_controller.state();
    m_stack->setCurrentWidget(m_state);
    if (state == State::Empty)
        m_state->showEmpty(
            tr("No log chosen"),
            tr("Choose a job in the graph: its steps stand on the right, its log here."));
    else if (state == State::WaitingEnd)
        m_state->showEmpty(tr("The job is still running"),
                           tr("GitHub gives no log before the job ends; steps are live."));
    else if (state == State::Failed && m_controller.error())
        m_state->showError(*m_controller.error(),
                           m_controller.target() ? tr("The steps on the right stay live.")
                                                 : QString(),
                           signedOutSource().isEmpty() ? tr("Read Again") : tr("Sign In…"));
    else if (state == State::Complete)
        m_state->showEmpty(tr("The log is empty"), tr("The job ended without writing a line."));
    else
        m_state->showLoading(m_controller.title());
}

void LogPanel::refreshStateLine()
{
    using State = LogController::State;
    const State state = m_controller.state();
    const LogStore *store = m_controller.store();
    QString line;
    Tone tone = Tone::Neutral;
    if (!m_said.isEmpty()) {
        line = m_said;
        tone = Tone::Info;
    } else if (state == State::Streaming) {
        const bool silent = m_controller.silence() >= longSilence;
        line = silent ? silenceWords(m_controller) : streamWords(m_controller);
        tone = silent ? Tone::Warning : Tone::Neutral;
    } else if (state == State::Failed && store && !store->isEmpty() && m_controller.error()) {
        line = tr("Incomplete: %1").arg(m_controller.error()->message);
        tone = Tone::Danger;
    } else if (store && !store->isIndexed()) {
        line = tr("The end of the log; its lines are being counted…");
    } else if (store && m_controller.onDisk() != LogController::OnDisk::None) {
        const bool grows = m_controller.onDisk() == LogController::OnDisk::Whole
                           || m_controller.onDisk() == LogController::OnDisk::Grows;
        line = fileWords(m_controller);
        tone = grows ? Tone::Neutral : Tone::Warning;
    }
    setInk(m_line, tone);
    m_line->setText(line);
    m_line->setVisible(!line.isEmpty());
}

void LogPanel::say(const QString &sentence)
{
    m_said = sentence;
    if (!sentence.isEmpty())
        m_saidFor.start(saidFor);
    refreshStateLine();
}

void LogPanel::grow()
{
    // The filter ends by itself where it would hide a line that was asked for.
    if (!m_view->filter())
        m_search->setFiltering(false);
    if (!m_line->isHidden() && m_controller.store() && m_said.isEmpty())
        refreshStateLine();
    refreshRemark();
}

void LogPanel::refreshSearch()
{
    if (!searchesAllJobs()) {
        m_search->show(m_controller.search());
        return refreshMap();
    }
    const QList<RunSearchRow> rows = m_runSearch->rows();
    const auto *job = rows.isEmpty() ? nullptr : std::get_if<JobLog>(&rows.first().target);
    setTitle(job ? tr("Logs of all jobs · run %1").arg(job->run.value) : tr("Logs of all jobs"));
    const RunSearchTotals totals = totalsOf(rows);
    const bool searching = !m_runSearch->query().text.isEmpty() && totals.jobs > 0;
    if (m_runSearch->error())
        m_search->show(m_runSearch->error()->message, Tone::Danger, 0);
    else
        m_search->show(searching ? totalsSentence(totals) : QString(),
                       totals.lines == 0 && totals.pending == 0 ? Tone::Warning : Tone::Neutral,
                       totals.lines);
}

void LogPanel::refreshErrors()
{
    const LogSearch &errors = m_controller.errors();
    if (m_firstErrorWanted && (!errors.lines().empty() || errors.isComplete())) {
        m_firstErrorWanted = false;
        if (errors.lines().empty())
            say(tr("No line of this log is marked as an error."));
        else
            m_view->showLine(errors.next(-1));
    }
    refreshMap();
}

void LogPanel::refreshMap()
{
    const LogStore *store = m_controller.store();
    m_map->setMarks(&m_controller.search().lines(), &m_controller.errors().lines(),
                    store ? store->lineCount() : 0);
    const qint64 last = m_view->rows().lineOf(std::min<qint64>(
        m_view->verticalScrollBar()->value() + m_view->visibleLines(), m_view->rows().count() - 1));
    m_map->setWindow(m_view->firstVisibleLine(), last);
}

void LogPanel::refreshRemark()
{
    const LogStore *store = m_controller.store();
    m_follow->setChecked(m_view->isFollowing());
    refreshMap();
    if (!store || store->isEmpty() || searchesAllJobs()) {
        setRemark({});
        return;
    }
    const QLocale locale(QLocale::English);
    const QString size = locale.formattedDataSize(store->byteCount(), 1);
    QString remark = store->isIndexed()
                         ? tr("%1 lines · %2").arg(locale.toString(store->lineCount()), size)
                         : size;
    if (m_view->filter() && m_view->rows().count() < store->lineCount())
        remark += tr(" · %1 shown").arg(locale.toString(m_view->rows().count()));
    if (const qint64 wrong = store->marks().invalidSequences(); wrong > 0)
        remark += tr(" · %1 not UTF-8").arg(locale.toString(wrong));
    if (const qint64 zeros = store->marks().zeroBytes(); zeros > 0)
        remark += tr(" · %1 NUL bytes").arg(locale.toString(zeros));
    if (!m_view->isFollowing() && m_view->unseen() > 0)
        remark += tr(" · %1 new lines, End follows").arg(locale.toString(m_view->unseen()));
    setRemark(remark);
}

void LogPanel::showMenu(const QPoint &place)
{
    QMenu menu;
    m_menus->tellRoom();
    for (QAction *action : m_menus->copyMenu()->actions())
        menu.addAction(action);
    menu.addMenu(m_menus->jumpMenu());
    menu.exec(m_view->mapToGlobal(place));
}

} // namespace pilothouse
