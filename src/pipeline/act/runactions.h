#pragma once

#include "action/actionrunner.h"
#include "action/preview.h"
#include "base/clock.h"
#include "pipeline/act/runpermissions.h"
#include "pipeline/act/shownruns.h"

#include <QHash>
#include <QObject>
#include <QPromise>

#include <chrono>
#include <functional>
#include <memory>

namespace pilothouse {

struct BeforeOrder;

/// What a person may do with the runs that a view shows, and how it is done: reasons, previews,
/// the check at the press, the journal, one request, and looking until the CI host shows it.
///
/// The buttons are about `run()`, the one that the view has chosen. GUI thread; everything it is
/// given outlives it.
class RunActions final : public QObject
{
    Q_OBJECT

public:
    struct Settings
    {
        EnvironmentMark environment;
        std::chrono::milliseconds refuseAfter{60'000}; ///< nothing is sent on an older reading
        std::chrono::milliseconds lookEvery{2'000};
        std::chrono::milliseconds lookFor{60'000}; ///< then the outcome is Unknown
        bool readOnly = false;
    };

    RunActions(const Settings &settings, ShownRuns &view, RunControl &control,
               ActionRunner &actions, Clock &clock, QObject *parent = nullptr);
    ~RunActions() override;

    /// Tells what is against approving a run, as others see it. What it captures outlives this.
    void setAgainstApproval(const std::function<QList<Reason>(const Run &)> &tells)
    {
        m_againstApproval = tells;
    }
    /// Asks once what the account may do.
    void start();

    [[nodiscard]] QString systemName() const;
    [[nodiscard]] std::optional<Run> run() const;
    [[nodiscard]] RunActFacts facts() const;
    [[nodiscard]] QList<PendingEnvironment> waiting() const;
    /// Who stands before `run()` or its jobs, told by the host or worked out from the files; empty
    /// unless it waits to begin.
    [[nodiscard]] QList<ConcurrencyBlock> blocks() const;
    /// Verbs of what goes on for `run()`: "cancel".
    [[nodiscard]] QStringList underWay() const;
    /// What came of the last order; empty before the first.
    [[nodiscard]] const QString &lastWords() const { return m_lastWords; }
    [[nodiscard]] Outcome::Kind lastKind() const { return m_lastKind; }

    [[nodiscard]] Permission may(const RunOrder &order) const;
    [[nodiscard]] Permission mayRerunFailed() const;
    [[nodiscard]] Permission mayCancel() const;
    [[nodiscard]] Permission mayReview() const;
    [[nodiscard]] Permission mayDispatch() const;

    /// The orders that the buttons give; each about `run()`, which must be there.
    [[nodiscard]] RunOrder rerunFailed() const;
    /// Forced once a cancellation was taken and the run went on all the same.
    [[nodiscard]] CancelRun cancel() const;
    [[nodiscard]] RunOrder review(ReviewState state) const;
    /// Of `job`'s run; nothing if that is not `run()`.
    [[nodiscard]] std::optional<RunOrder> rerunJob(const Job &job) const;

    /// What is looked at.
    [[nodiscard]] ShownRuns &view() const { return m_view; }

    /// Tokens in inputs are masked, in the request that it shows too.
    [[nodiscard]] Preview preview(const RunOrder &order) const;
    /// Reads again first. Conflict if what was confirmed is another thing now, Refused with the
    /// first reason that blocks. Sends once; Unknown if the host does not show it in time.
    [[nodiscard]] QFuture<Outcome> carryOut(const RunOrder &order,
                                            const Confirmation &confirmation);

    /// Whether an intent was about a run of this host.
    [[nodiscard]] bool claims(const Record &intent) const;
    /// What came of an intent of an earlier console: looks, sends nothing.
    [[nodiscard]] QFuture<Outcome> settle(const Record &intent);

Q_SIGNALS:
    void changed();
    void previewChanged(); ///< a preview asked for now would be another one

private:
    using Promise = std::shared_ptr<QPromise<Outcome>>;

    void follow();
    void askWaiting(const RunId &run);
    void askBlocks(const Run &run);
    /// By the files, where the host does not tell.
    void workOutBlocks(const Run &run);
    void readOthers(const RunFile &own, QList<Run> unread, const QList<RunFile> &read,
                    qsizetype missing);
    void showBlocks(const RunId &run, const QList<ConcurrencyBlock> &blocks);
    /// The run of the order and, for a review, its environments; then `next`, or why not.
    void readAgain(const RunOrder &order,
                   const std::function<void(const std::optional<Error> &)> &next);
    void check(const RunOrder &order, const Confirmation &confirmation, const Promise &promise);
    void prepare(const RunOrder &order, const QString &reason, const Promise &promise);
    void perform(const RunOrder &order, const BeforeOrder &before, const QString &reason,
                 const Promise &promise);
    /// The press came to nothing before anything was sent.
    void giveUp(const Promise &promise, Outcome::Kind kind, const QString &text);
    void conclude(const RunOrder &order, const Outcome &outcome, const Promise &promise);
    [[nodiscard]] RunActFacts factsOf(const RunOrder &order) const;
    [[nodiscard]] RunActFacts factsOfRun(const RunOrder &order) const;
    [[nodiscard]] QStringList underWayFor(const RunId &run) const;

    Settings m_settings;
    ShownRuns &m_view;
    RunControl &m_control;
    ActionRunner &m_actions;
    Clock &m_clock;
    std::function<QList<Reason>(const Run &)> m_againstApproval; ///< may be null
    RunAccess m_access;
    std::optional<Reading<Run>> m_fresh;    ///< read at a press; newer than the pipeline's
    QHash<QString, QStringList> m_underWay; ///< verbs, by subject
    bool m_pressed = false;                 ///< a press is on its way to its request
    QList<RunId> m_cancelTaken;             ///< cancellation was taken, the end did not come
    QString m_lastWords;
    Outcome::Kind m_lastKind = Outcome::Kind::Done;

    RunId m_waitingOf; ///< whose environments these are
    QList<PendingEnvironment> m_waiting;
    std::optional<Error> m_waitingLost;
    RunId m_blocksOf;
    QList<ConcurrencyBlock> m_blocks;
    bool m_blocksOffered = true; ///< the server has that question
    std::chrono::milliseconds m_askedAt{0};
    QString m_askedFor;      ///< run, attempt and state that were asked about
    qint64 m_generation = 0; ///< of the questions about environments and groups
};

} // namespace pilothouse
