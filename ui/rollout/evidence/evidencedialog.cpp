#include "ui/rollout/evidence/evidencedialog.h"

#include "base/whendone.h"
#include "rollout/rolloutcontroller.h"
#include "ui/rollout/evidence/evidenceview.h"
#include "ui/rollout/verdicttable.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/pill.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr int evidenceWidth = 880;
constexpr int evidenceHeight = 620;
constexpr int windowListWidth = 216;

QString commitText(const CommitId &commit)
{
    return commit.value.isEmpty() ? EvidenceDialog::tr("unknown commit") : shortSha(commit);
}

/// Two lines: the weight and whose it was; when, for how long.
QString windowText(const PastWindow &window, const QDateTime &now)
{
    const std::chrono::milliseconds length(window.from.msecsTo(window.to));
    const QString when = whenText(window.from, now);
    return EvidenceDialog::tr("%1 %   %2")
               .arg(window.weight.percent)
               .arg(commitText(window.candidate))
           + QLatin1Char('\n')
           + (window.end == PastWindow::End::Open
                  ? EvidenceDialog::tr("since %1, %2 so far").arg(when, durationText(length))
                  : EvidenceDialog::tr("%1, for %2").arg(when, durationText(length)));
}

bool sameWindows(const QList<PastWindow> &a, const QList<PastWindow> &b)
{
    return std::equal(a.cbegin(), a.cend(), b.cbegin(), b.cend(),
                      [](const PastWindow &x, const PastWindow &y) {
                          return x.from == y.from && x.end == y.end;
                      });
}

} // namespace

EvidenceDialog::EvidenceDialog(RolloutController &track, QWidget *parent)
    : QDialog(parent), m_track(track), m_windows(new QListWidget), m_head(new QLabel),
      m_verdict(new Pill), m_view(new EvidenceView)
{
    setObjectName(QStringLiteral("evidenceDialog"));
    setWindowTitle(tr("Evidence, %1").arg(track.track().value));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(evidenceWidth, evidenceHeight);
    m_windows->setObjectName(QStringLiteral("windowList"));
    m_windows->setAccessibleName(tr("Windows that can be judged"));
    m_windows->setFixedWidth(windowListWidth);
    m_windows->setSpacing(spacing::Hair / 2);
    m_head->setObjectName(QStringLiteral("evidenceHead"));
    m_head->setTextFormat(Qt::PlainText);
    m_head->setFont(Theme::instance().titleFont());
    m_verdict->setObjectName(QStringLiteral("evidenceVerdict"));
    auto *close = new QPushButton(tr("Close"));
    close->setObjectName(QStringLiteral("closeButton"));

    auto *head = new QHBoxLayout;
    head->setSpacing(spacing::Small);
    head->addWidget(m_head);
    head->addWidget(m_verdict);
    head->addStretch(1);
    auto *right = new QVBoxLayout;
    right->setSpacing(spacing::Small);
    right->addLayout(head);
    right->addWidget(m_view, 1);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(spacing::Medium);
    middle->addWidget(m_windows);
    middle->addLayout(right, 1);
    auto *foot = new QHBoxLayout;
    foot->addStretch(1);
    foot->addWidget(close);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::Medium, spacing::Medium, spacing::Medium, spacing::Medium);
    column->setSpacing(spacing::Medium);
    column->addLayout(middle, 1);
    column->addLayout(foot);

    connect(close, &QPushButton::clicked, this, &QDialog::close);
    connect(m_windows, &QListWidget::currentRowChanged, this, &EvidenceDialog::chosen);
    connect(&m_track, &RolloutController::changed, this, [this] {
        refreshWindows();
        refreshLive();
    });
    refreshWindows();
}

void EvidenceDialog::showLive(int check)
{
    m_windows->setCurrentRow(0);
    refreshLive();
    m_view->choose(check);
    raiseIt();
}

void EvidenceDialog::showNewestPast()
{
    const auto over = std::find_if(m_past.cbegin(), m_past.cend(), [](const PastWindow &each) {
        return each.end == PastWindow::End::Over;
    });
    const auto row = over == m_past.cend() ? 1 : over - m_past.cbegin() + 1;
    m_windows->setCurrentRow(m_past.isEmpty() ? 0 : int(row));
    raiseIt();
}

void EvidenceDialog::raiseIt()
{
    QDialog::show();
    raise();
    activateWindow();
    m_windows->setFocus();
}

void EvidenceDialog::refreshWindows()
{
    const QList<PastWindow> past = m_track.pastWindows();
    const QDateTime now = m_track.metricsNow();
    if (m_windows->count() > 0 && sameWindows(past, m_past)) {
        // Only the window that is open grows.
        for (qsizetype i = 0; i < past.size(); ++i)
            m_windows->item(int(i) + 1)->setText(windowText(past[i], now));
        m_past = past;
        return;
    }
    const int row = m_windows->currentRow();
    const QDateTime kept = row > 0 ? m_past[row - 1].from : QDateTime();
    m_past = past;
    {
        const QSignalBlocker quiet(m_windows);
        m_windows->clear();
        m_windows->addItem(tr("Now\nthe newest samples"));
        for (const PastWindow &each : past)
            m_windows->addItem(windowText(each, now));
        const auto again = std::find_if(past.cbegin(), past.cend(),
                                        [&](const PastWindow &each) { return each.from == kept; });
        m_windows->setCurrentRow(again == past.cend() ? 0 : int(again - past.cbegin()) + 1);
    }
    if (m_windows->currentRow() == 0 && row != 0)
        chosen(0);
}

void EvidenceDialog::refreshLive()
{
    if (m_windows->currentRow() != 0)
        return;
    const auto weight = m_track.weights().accepted;
    m_head->setText(weight && weight->percent > 0 ? tr("Now, at %1 %").arg(weight->percent)
                                                  : tr("Now, no traffic"));
    showResults(m_track.verdicts());
}

void EvidenceDialog::chosen(int row)
{
    const int mine = ++m_asked;
    if (row <= 0)
        return refreshLive();
    const PastWindow window = m_past[row - 1];
    m_head->setText(tr("%1 at %2 %").arg(commitText(window.candidate)).arg(window.weight.percent));
    m_verdict->setStatus(Tone::Waiting, QStringLiteral("loader-circle"), tr("being judged"));
    QList<CheckResult> waiting;
    for (const Check &check : m_track.settings().checks)
        waiting.append(notJudged(check, tr("the metrics are being asked")));
    m_view->setResults(waiting);
    whenDone(
        m_track.judgePast(window), this,
        [this, mine](const QList<CheckResult> &results) {
            if (mine == m_asked)
                showResults(results);
        },
        [] {});
}

void EvidenceDialog::showResults(const QList<CheckResult> &results)
{
    const Verdict verdict = overall(results);
    const VerdictLook look = verdictLook(verdict);
    m_verdict->setStatus(look.tone, look.icon, verdictWord(verdict));
    m_view->setResults(results);
}

} // namespace pilothouse
