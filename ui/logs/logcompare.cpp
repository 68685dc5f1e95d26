#include "ui/logs/logcompare.h"

#include "base/whendone.h"
#include "logs/logstore.h"
#include "ui/logs/logview.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/spacing.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPromise>
#include <QScrollBar>
#include <QThreadPool>
#include <QToolButton>

namespace pilothouse {
namespace {

/// How far behind a difference the two are looked through for where they go on alike.
constexpr int reach = 400;

using Found = std::optional<LogDifference>;

/// From the begin, or behind a difference from where both meet again.
Found search(const LogText &left, const LogText &right, const Found &last,
             const std::atomic<bool> &cancelled)
{
    if (!last)
        return firstDifference(left, right, {}, &cancelled);
    const Found meeting = nextMeeting(left, right, *last, reach, &cancelled);
    return meeting ? firstDifference(left, right, *meeting, &cancelled) : Found();
}

QFuture<Found> searchedFor(const LogText &left, const LogText &right, const Found &last,
                           const std::shared_ptr<std::atomic<bool>> &cancelled)
{
    auto promise = std::make_shared<QPromise<Found>>();
    QFuture<Found> future = promise->future();
    promise->start();
    QThreadPool::globalInstance()->start([promise, left, right, last, cancelled] {
        promise->addResult(search(left, right, last, *cancelled));
        promise->finish();
    });
    return future;
}

} // namespace

LogCompare::LogCompare(QWidget *parent)
    : QWidget(parent), m_left(new LogView(this)), m_right(new LogView(this)),
      m_leftTitle(new QLabel(this)), m_rightTitle(new QLabel(this)), m_said(new QLabel(this)),
      m_next(new QToolButton(this))
{
    setObjectName(QStringLiteral("logCompare"));
    m_left->setObjectName(QStringLiteral("leftLog"));
    m_right->setObjectName(QStringLiteral("rightLog"));
    m_left->setAccessibleName(tr("This log"));
    m_right->setAccessibleName(tr("The log that it is compared with"));
    for (QLabel *label : {m_leftTitle, m_rightTitle, m_said})
        label->setTextFormat(Qt::PlainText);
    m_said->setObjectName(QStringLiteral("differenceLine"));
    m_next->setObjectName(QStringLiteral("nextDifferenceButton"));
    m_next->setText(tr("Next Difference"));
    m_next->setAccessibleName(m_next->text());
    m_next->setIcon(themedIcon(QStringLiteral("chevron-down")));
    m_next->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_next->setAutoRaise(true);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(spacing::Medium, spacing::Small, spacing::Medium, spacing::Medium);
    grid->setSpacing(spacing::Small);
    auto *head = new QHBoxLayout;
    head->addWidget(m_said, 1);
    head->addWidget(m_next);
    grid->addLayout(head, 0, 0, 1, 2);
    grid->addWidget(m_leftTitle, 1, 0);
    grid->addWidget(m_rightTitle, 1, 1);
    grid->addWidget(m_left, 2, 0);
    grid->addWidget(m_right, 2, 1);
    grid->setRowStretch(2, 1);
    connect(m_next, &QToolButton::clicked, this, &LogCompare::findNext);
    const auto shift = [this] {
        return m_difference ? m_difference->right - m_difference->left : 0;
    };
    connect(m_left->verticalScrollBar(), &QScrollBar::valueChanged, this,
            [this, shift] { follow(m_left, m_right, shift()); });
    connect(m_right->verticalScrollBar(), &QScrollBar::valueChanged, this,
            [this, shift] { follow(m_right, m_left, -shift()); });
}

LogCompare::~LogCompare()
{
    giveUp();
}

void LogCompare::giveUp()
{
    if (m_cancelled)
        *m_cancelled = true;
    m_cancelled.reset();
}

void LogCompare::setLogs(std::shared_ptr<const LogStore> left, const QString &leftTitle,
                         std::shared_ptr<const LogStore> right, const QString &rightTitle)
{
    giveUp();
    m_left->setLog(left.get(), nullptr);
    m_right->setLog(right.get(), nullptr);
    m_leftLog = std::move(left);
    m_rightLog = std::move(right);
    m_leftTitle->setText(leftTitle);
    m_rightTitle->setText(rightTitle);
    m_difference.reset();
    const auto begin = [this] {
        if (m_leftLog->isIndexed() && m_rightLog->isIndexed())
            find(std::nullopt);
    };
    for (const LogStore *log : {m_leftLog.get(), m_rightLog.get()}) {
        if (!log->isIndexed())
            connect(log, &LogStore::indexed, this, begin);
    }
    begin();
}

void LogCompare::findNext()
{
    if (m_difference)
        find(m_difference);
}

void LogCompare::find(const std::optional<LogDifference> &last)
{
    giveUp();
    m_cancelled = std::make_shared<std::atomic<bool>>(false);
    m_next->setEnabled(false);
    m_said->setText(tr("Looking for the first difference…"));
    const auto cancelled = m_cancelled;
    whenDone(
        searchedFor(m_leftLog->text(), m_rightLog->text(), last, cancelled), this,
        [this, cancelled](const Found &difference) {
            if (!*cancelled)
                take(difference);
        },
        [] {});
}

void LogCompare::take(const std::optional<LogDifference> &difference)
{
    m_cancelled.reset();
    m_next->setEnabled(difference.has_value());
    if (difference) {
        m_difference = difference;
        m_followingOther = true; // each goes to its own line
        m_left->showLine(std::min(difference->left, m_leftLog->lineCount() - 1));
        m_right->showLine(std::min(difference->right, m_rightLog->lineCount() - 1));
        m_followingOther = false;
        const QLocale locale(QLocale::English);
        const QString alike
            = difference->alike == 1
                  ? tr("1 line before it says")
                  : tr("%1 lines before it say").arg(locale.toString(difference->alike));
        m_said->setText(tr("They part at line %1 here, line %2 there; %3 the same (times, numbers "
                           "and hashes apart).")
                            .arg(locale.toString(difference->left + 1),
                                 locale.toString(difference->right + 1), alike));
    } else {
        m_said->setText(m_difference
                            ? tr("No further difference, or nothing in common from here on.")
                            : tr("Both say the same (times, numbers and hashes apart)."));
    }
    Q_EMIT found();
}

QString LogCompare::sentence() const
{
    return m_said->text();
}

void LogCompare::follow(const LogView *moved, LogView *other, qint64 shift)
{
    if (m_followingOther)
        return;
    m_followingOther = true;
    other->setFollowing(false);
    other->verticalScrollBar()->setValue(int(moved->verticalScrollBar()->value() + shift));
    m_followingOther = false;
}

} // namespace pilothouse
