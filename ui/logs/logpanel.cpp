#include "ui/logs/logpanel.h"

#include "logs/logcontroller.h"
#include "ui/logs/logview.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/stateview.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

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

} // namespace

LogPanel::LogPanel(LogController &controller, QWidget *parent)
    : Panel(tr("Log"), parent), m_controller(controller), m_stack(new QStackedWidget(this)),
      m_view(new LogView), m_state(new StateView), m_needle(new QLineEdit(this)),
      m_hits(new QLabel(this)), m_line(new QLabel(this)),
      m_follow(button(this, "followButton", QStringLiteral("chevron-down"), tr("Follow"))),
      m_firstError(button(this, "firstErrorButton", QStringLiteral("circle-x"), tr("First Error"))),
      m_next(button(this, "nextHitButton", QStringLiteral("chevron-down"), tr("Next hit"))),
      m_previous(
          button(this, "previousHitButton", QStringLiteral("chevron-up"), tr("Previous hit")))
{
    setObjectName(QStringLiteral("logPanel"));
    m_needle->setObjectName(QStringLiteral("logSearchField"));
    m_needle->setPlaceholderText(tr("Find in log"));
    m_needle->setAccessibleName(tr("Find in log"));
    m_needle->setClearButtonEnabled(true);
    m_needle->setFixedWidth(240);
    m_needle->addAction(themedIcon(QStringLiteral("search"), ColorRole::Muted),
                        QLineEdit::LeadingPosition);
    m_hits->setObjectName(QStringLiteral("hitCount"));
    for (QToolButton *arrow : {m_next, m_previous})
        arrow->setToolButtonStyle(Qt::ToolButtonIconOnly);
    m_next->setToolTip(tr("Next hit (F3)"));
    m_previous->setToolTip(tr("Previous hit (Shift+F3)"));
    m_follow->setCheckable(true);
    m_follow->setToolTip(tr("Follow the end (End)"));
    for (QWidget *widget : std::initializer_list<QWidget *>{m_needle, m_previous, m_next, m_hits,
                                                            m_firstError, m_follow})
        addAction(widget);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_state);
    m_line->setObjectName(QStringLiteral("logStateLine"));
    m_line->setFont(Theme::instance().smallFont());
    body()->addWidget(m_line);
    body()->addWidget(m_stack, 1);

    connect(&m_controller, &LogController::changed, this, &LogPanel::refresh);
    connect(&m_controller.search(), &LogSearch::changed, this, &LogPanel::refreshSearch);
    connect(m_view, &LogView::followingChanged, this, &LogPanel::refreshRemark);
    connect(m_needle, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_controller.search().start(m_controller.store(), text);
    });
    connect(m_needle, &QLineEdit::returnPressed, this, &LogPanel::findNext);
    connect(m_next, &QToolButton::clicked, this, &LogPanel::findNext);
    connect(m_previous, &QToolButton::clicked, this, &LogPanel::findPrevious);
    connect(m_follow, &QToolButton::clicked, m_view, &LogView::setFollowing);
    connect(m_firstError, &QToolButton::clicked, this, &LogPanel::showFirstError);
    connect(m_state, &StateView::retryRequested, &m_controller, &LogController::reopen);
    refresh();
}

void LogPanel::find()
{
    m_needle->setFocus();
    m_needle->selectAll();
}

void LogPanel::findNext()
{
    m_view->showLine(m_controller.search().next(m_view->currentLine()));
}

void LogPanel::findPrevious()
{
    m_view->showLine(m_controller.search().previous(m_view->currentLine()));
}

void LogPanel::showFirstError()
{
    m_controller.findErrors();
    m_view->showLine(m_controller.errors().next(-1));
}

void LogPanel::refresh()
{
    using State = LogController::State;
    const LogStore *store = m_controller.store();
    const State state = m_controller.state();
    if (store && store != m_shown)
        connect(store, &LogStore::grown, this, &LogPanel::grow);
    m_shown = store;
    m_view->setLog(store, &m_controller.search());
    if (store && m_controller.search().text() != m_needle->text())
        m_controller.search().start(store, m_needle->text());
    setTitle(m_controller.title().isEmpty() ? tr("Log") : tr("Log · %1").arg(m_controller.title()));

    const bool lines = store && store->lineCount() > 0;
    if (lines) {
        m_stack->setCurrentWidget(m_view);
    } else {
        m_stack->setCurrentWidget(m_state);
        if (state == State::Empty)
            m_state->showEmpty(
                tr("No log chosen"),
                tr("Choose a job in the graph: its steps stand on the right, its log here."));
        else if (state == State::WaitingEnd)
            m_state->showEmpty(tr("The job is still running"),
                               tr("GitHub gives no log before the job ends; steps are live."));
        else if (state == State::Failed && m_controller.error())
            m_state->showError(*m_controller.error(), tr("The steps on the right stay live."),
                               tr("Read Again"));
        else if (state == State::Complete)
            m_state->showEmpty(tr("The log is empty"), tr("The job ended without writing a line."));
        else
            m_state->showLoading(m_controller.title());
    }

    QString line;
    Tone tone = Tone::Neutral;
    if (state == State::Streaming)
        line = tr("Streams while the pod runs.");
    else if (state == State::Failed && lines && m_controller.error()) {
        line = tr("Incomplete: %1").arg(m_controller.error()->message);
        tone = Tone::Danger;
    }
    QPalette ink = m_line->palette();
    ink.setColor(QPalette::WindowText, Theme::instance().color(tone));
    m_line->setPalette(ink);
    m_line->setText(line);
    m_line->setVisible(!line.isEmpty());
    for (QWidget *widget : std::initializer_list<QWidget *>{m_needle, m_firstError, m_follow})
        widget->setEnabled(lines);
    refreshSearch();
    refreshRemark();
}

void LogPanel::grow()
{
    if (m_stack->currentWidget() == m_view)
        refreshRemark();
    else
        refresh(); // the first lines
}

void LogPanel::refreshSearch()
{
    const LogSearch &search = m_controller.search();
    const qint64 count = qint64(search.lines().size());
    const bool searching = !search.text().isEmpty();
    m_hits->setText(!searching ? QString()
                    : count == 0 && search.isComplete()
                        ? tr("no hit")
                        : (count == 1 ? tr("1 line") : tr("%1 lines").arg(count)));
    m_hits->setVisible(searching);
    m_next->setEnabled(count > 0);
    m_previous->setEnabled(count > 0);
}

void LogPanel::refreshRemark()
{
    const LogStore *store = m_controller.store();
    m_follow->setChecked(m_view->isFollowing());
    if (!store || store->lineCount() == 0) {
        setRemark({});
        return;
    }
    const QLocale locale(QLocale::English);
    QString remark = tr("%1 lines · %2")
                         .arg(locale.toString(store->lineCount()),
                              locale.formattedDataSize(store->byteCount(), 1));
    if (!m_view->isFollowing() && m_view->unseen() > 0)
        remark += tr(" · not following, %1 new: End").arg(locale.toString(m_view->unseen()));
    setRemark(remark);
}

} // namespace pilothouse
