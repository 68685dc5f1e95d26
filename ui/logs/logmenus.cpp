#include "ui/logs/logmenus.h"

#include "base/whendone.h"
#include "logs/logcontroller.h"
#include "logs/reading/logcopy.h"
#include "logs/reading/loglink.h"
#include "ui/logs/logcompare.h"
#include "ui/logs/logview.h"

#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QFileDialog>
#include <QInputDialog>
#include <QLocale>
#include <QMenu>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace pilothouse {
namespace {

constexpr size_t mostGroups = 60;
constexpr int menuTextLength = 80;
constexpr qint64 mebibyte = 1 << 20;
constexpr qint64 offeredLimits[]
    = {256 * mebibyte, 1024 * mebibyte, 4096 * mebibyte, 16384 * mebibyte};

QString inMenu(const QString &text)
{
    return text.left(menuTextLength).replace(QLatin1Char('&'), QLatin1String("&&"));
}

} // namespace

LogMenus::LogMenus(LogController &controller, LogView &view, QWidget *parent)
    : QObject(parent), m_controller(controller), m_view(view), m_parent(parent),
      m_copy(new QMenu(tr("Copy"), parent)), m_jump(new QMenu(tr("Jump"), parent))
{
    m_copy->setObjectName(QStringLiteral("logCopyMenu"));
    m_jump->setObjectName(QStringLiteral("logJumpMenu"));
    const auto named = [](QAction *action, const char *name) {
        action->setObjectName(QLatin1String(name));
    };
    named(m_copy->addAction(tr("Copy"), this, [this] { copy(CopyForm::Text | CopyForm::Times); }),
          "copyAction");
    named(m_copy->addAction(tr("Copy Without Time Stamps"), this, [this] { copy(CopyForm::Text); }),
          "copyTextAction");
    named(m_copy->addAction(tr("Copy With Colours"), this,
                            [this] { copy(CopyForm::Times | CopyForm::Colours); }),
          "copyColoursAction");
    named(m_copy->addAction(tr("Copy With Colours, Without Time Stamps"), this,
                            [this] { copy(CopyForm::Colours); }),
          "copyColouredTextAction");
    named(m_copy->addAction(tr("Copy Link to Line"), this, &LogMenus::copyLink), "copyLinkAction");
    m_copy->addSeparator();
    m_copy->addAction(tr("Export…"), this, &LogMenus::askForExport);
    m_copy->addAction(tr("Compare With a File…"), this, &LogMenus::askForComparison);
    m_copy->addSeparator();
    m_again = m_copy->addAction(QString(), &m_controller, &LogController::reopen);
    m_again->setObjectName(QStringLiteral("logAgain"));
    m_room = m_copy->addAction(QString());
    m_room->setObjectName(QStringLiteral("logRoom"));
    m_room->setEnabled(false);
    m_limits = m_copy->addMenu(tr("Limit of Kept Logs"));
    m_limits->setObjectName(QStringLiteral("logLimitMenu"));
    m_copy->addAction(tr("Delete Kept Logs"), this, &LogMenus::clearSpool);
    connect(m_copy, &QMenu::aboutToShow, this, &LogMenus::tellRoom);
    connect(m_limits, &QMenu::aboutToShow, this, &LogMenus::fillLimitMenu);
    connect(m_jump, &QMenu::aboutToShow, this, &LogMenus::fillJumpMenu);
    connect(&m_controller, &LogController::changed, this, &LogMenus::tellReading);
    connect(&m_controller, &LogController::changed, this, &LogMenus::goToWantedStep);
    connect(&m_view, &LogView::refreshed, this, &LogMenus::goToWantedStep);
    tellReading();
}

void LogMenus::tellReading()
{
    m_again->setText(m_controller.isPaused() ? tr("Read On") : tr("Read Again"));
    m_again->setEnabled(m_controller.store() != nullptr);
}

void LogMenus::copy(int parts)
{
    if (m_view.currentLine() < 0) {
        Q_EMIT said(tr("Mark lines first: click one, then Shift and click another."));
        return;
    }
    QApplication::clipboard()->setText(m_view.selectedText(CopyForm{parts}));
}

void LogMenus::copyLink()
{
    const qint64 line
        = m_view.currentLine() >= 0 ? m_view.currentLine() : m_view.firstVisibleLine();
    if (const auto link = vendorLink(m_controller.origin(), m_controller.stepBegins(), line)) {
        QApplication::clipboard()->setText(link->address);
        Q_EMIT said(link->sentence);
        return;
    }
    const QString link = linkToLine(m_controller.place(), m_controller.title(), line);
    QApplication::clipboard()->setText(link);
    Q_EMIT said(tr("Copied: %1").arg(link));
}

void LogMenus::askForFile()
{
    auto *dialog = new QFileDialog(m_parent, tr("Open Log"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, &m_controller, &LogController::openFile);
    dialog->open();
}

void LogMenus::askForComparison()
{
    auto *dialog = new QFileDialog(m_parent, tr("Compare With"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &LogMenus::compareWith);
    dialog->open();
}

void LogMenus::compareWith(const QString &path)
{
    const std::shared_ptr<const LogStore> shown = m_controller.sharedStore();
    auto other = LogStore::openFile(path);
    if (!other || !shown) {
        Q_EMIT said(other ? tr("There is no log to compare.") : other.error().message);
        return;
    }
    auto *window = new QDialog(m_parent);
    window->setAttribute(Qt::WA_DeleteOnClose);
    window->setWindowTitle(tr("Two logs"));
    auto *compare = new LogCompare;
    auto *whole = new QVBoxLayout(window);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(compare);
    window->resize(1400, 700);
    compare->setLogs(shown, m_controller.title(), std::move(*other), path);
    window->show();
}

void LogMenus::tellRoom()
{
    const QLocale locale(QLocale::English);
    const LogSpool &spool = m_controller.spool();
    m_room->setText(tr("Kept logs: %1 of at most %2")
                        .arg(locale.formattedDataSize(spool.bytes(), 1),
                             locale.formattedDataSize(spool.limit(), 1)));
}

void LogMenus::clearSpool()
{
    const qint64 before = m_controller.spool().bytes();
    const Result<void> cleared = m_controller.spool().clear();
    const qint64 freed = before - m_controller.spool().bytes();
    Q_EMIT said(cleared ? tr("%1 freed; logs that are shown stay.")
                              .arg(QLocale(QLocale::English).formattedDataSize(freed, 1))
                        : cleared.error().message);
}

void LogMenus::fillLimitMenu()
{
    m_limits->clear();
    const qint64 now = m_controller.spool().limit();
    QList<qint64> limits(std::begin(offeredLimits), std::end(offeredLimits));
    if (!limits.contains(now))
        limits.insert(std::upper_bound(limits.begin(), limits.end(), now), now);
    for (const qint64 limit : std::as_const(limits)) {
        QAction *action = m_limits->addAction(QLocale(QLocale::English).formattedDataSize(limit, 0),
                                              this, [this, limit] { limitSpool(limit); });
        action->setObjectName(QStringLiteral("logLimit%1").arg(limit / mebibyte));
        action->setCheckable(true);
        action->setChecked(limit == now);
    }
}

void LogMenus::limitSpool(qint64 bytes)
{
    LogSpool &spool = m_controller.spool();
    const qint64 before = spool.bytes();
    const Result<void> done = spool.setLimit(bytes);
    const QLocale locale(QLocale::English);
    const qint64 freed = before - spool.bytes();
    QString sentence = done ? tr("Kept logs may take %1 from now on.")
                                  .arg(locale.formattedDataSize(spool.limit(), 0))
                            : done.error().message;
    if (done && freed > 0)
        sentence += tr(" %1 freed.").arg(locale.formattedDataSize(freed, 1));
    Q_EMIT said(sentence);
}

void LogMenus::askForExport()
{
    auto *dialog = new QFileDialog(m_parent, tr("Export Log"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("log"));
    connect(dialog, &QFileDialog::fileSelected, this, &LogMenus::exportTo);
    dialog->open();
}

void LogMenus::exportTo(const QString &path)
{
    if (!m_controller.store())
        return;
    Q_EMIT said(tr("Exporting…"));
    const QString exported
        = m_controller.store()->hasUnwritten()
              ? tr("Exported to %1. The last line has not ended: export again for its rest.")
              : tr("Exported to %1");
    whenDone(
        exportLog(m_controller.store()->text(), path), this,
        [this, path, exported](const Result<void> &done) {
            Q_EMIT said(done ? exported.arg(path) : done.error().message);
        },
        [this] { Q_EMIT said(tr("The export was given up.")); });
}

QString LogMenus::goTo(const QString &words)
{
    if (!m_controller.store())
        return {};
    const LogText &text = m_controller.store()->text();
    const auto linked
        = lineOfLink(m_controller.origin(), m_controller.stepBegins(), text.lineCount(), words);
    const Result<qint64> line = linked ? *linked : lineMeantBy(text, words);
    if (!line)
        return line.error().message;
    if (*line < 0)
        return tr("The log has no such line.");
    m_view.showLine(*line);
    return {};
}

void LogMenus::askForPlace()
{
    auto *dialog = new QInputDialog(m_parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("placeDialog"));
    dialog->setWindowTitle(tr("Go to Line or Time"));
    dialog->setLabelText(tr("Line (12408), time (14:33:51, 2026-11-24 14:33) or link to a line:"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString &words) {
        if (const QString wrong = goTo(words); !wrong.isEmpty())
            Q_EMIT said(wrong);
    });
    dialog->open();
}

void LogMenus::showStep(int number)
{
    const QList<LogStep> &steps = m_controller.origin().steps;
    const auto step = std::find_if(steps.begin(), steps.end(),
                                   [&](const LogStep &each) { return each.number == number; });
    if (step != steps.end() && !step->startedAt.isValid())
        return Q_EMIT said(tr("Step %1 has no lines: it did not run so far.").arg(number));
    m_wantedStep = number;
    goToWantedStep();
}

void LogMenus::goToWantedStep()
{
    using State = LogController::State;
    const State state = m_controller.state();
    if (!m_wantedStep)
        return;
    const int number = *m_wantedStep;
    const QList<StepBegin> begins = m_controller.stepBegins();
    const auto begin = std::find_if(begins.begin(), begins.end(),
                                    [&](const StepBegin &each) { return each.number == number; });
    const bool isFound = begin != begins.end() && begin->line >= 0;
    // What has come of a job's log may not tell enough yet; a build's may go on for minutes.
    if (state == State::Loading || (state == State::Streaming && !isFound))
        return;
    m_wantedStep.reset();
    if (state == State::WaitingEnd)
        return Q_EMIT said(tr("GitHub gives no log before the job ends; steps are live."));
    if (!isFound)
        return Q_EMIT said(tr("No line of this log is known to be of step %1.").arg(number));
    m_view.showLine(begin->line);
    m_view.setFocus();
    if (begin->certainty == StepBegin::Certainty::About)
        Q_EMIT said(tr("Step %1 begins about here: another ended in the same second.").arg(number));
}

void LogMenus::addSteps()
{
    const QList<LogStep> &steps = m_controller.origin().steps;
    if (steps.isEmpty())
        return;
    const QList<StepBegin> begins = m_controller.stepBegins();
    m_jump->addSection(tr("Steps"));
    for (const LogStep &step : steps) {
        const auto begin = std::find_if(begins.begin(), begins.end(), [&](const StepBegin &each) {
            return each.number == step.number;
        });
        const bool hasLine = begin != begins.end() && begin->line >= 0;
        QString name = inMenu(QStringLiteral("%1  %2").arg(step.number).arg(step.name));
        if (!hasLine)
            name += tr(" (no line)");
        else if (begin->certainty == StepBegin::Certainty::About)
            name += tr(" (about)");
        QAction *action
            = m_jump->addAction(name, this, [this, number = step.number] { showStep(number); });
        action->setObjectName(QStringLiteral("jumpStep%1").arg(step.number));
        action->setEnabled(hasLine);
    }
}

void LogMenus::fillJumpMenu()
{
    m_jump->clear();
    m_jump->addAction(tr("Line or Time…"), this, &LogMenus::askForPlace);
    m_jump->addAction(tr("End"), this, [this] { m_view.setFollowing(true); });
    const LogStore *store = m_controller.store();
    addSteps();
    if (!store || store->marks().folds().empty())
        return;
    m_jump->addSeparator();
    m_jump->addAction(tr("Fold All Groups"), &m_view, &LogView::foldAll);
    m_jump->addAction(tr("Unfold All Groups"), &m_view, &LogView::unfoldAll);
    m_jump->addSection(tr("Groups"));
    const std::vector<Fold> &folds = store->marks().folds();
    for (size_t i = 0; i < folds.size() && i < mostGroups; ++i) {
        const QString name = inMenu(readLine(store->line(folds[i].first)).text);
        m_jump->addAction(name, &m_view, [this, line = folds[i].first] { m_view.showLine(line); });
    }
    if (folds.size() > mostGroups) {
        QAction *more = m_jump->addAction(tr("%1 more: Alt+Down goes from group to group")
                                              .arg(qint64(folds.size() - mostGroups)));
        more->setEnabled(false);
    }
}

} // namespace pilothouse
