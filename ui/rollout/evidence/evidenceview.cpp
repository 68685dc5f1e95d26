#include "ui/rollout/evidence/evidenceview.h"

#include "ui/rollout/evidence/differencechart.h"
#include "ui/rollout/plot/timewindow.h"
#include "ui/rollout/verdicttable.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"

#include <QGridLayout>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr int factNameWidth = 84;
constexpr qsizetype mostVerdicts = 6; ///< seen of the table; more scroll
constexpr int verdictLineHeight = 28;

QString methodText(const CheckResult &result)
{
    if (result.method == JudgeMethod::MannWhitney)
        return EvidenceView::tr("by Mann and Whitney's test");
    return result.limit ? EvidenceView::tr("newest value against the limit")
                        : EvidenceView::tr("newest value against the stable's");
}

QString pText(double p)
{
    return p < 0.001 ? EvidenceView::tr("p < 0.001") : EvidenceView::tr("p = %1").arg(p, 0, 'g', 2);
}

} // namespace

EvidenceView::EvidenceView(QWidget *parent)
    : QWidget(parent), m_verdicts(new VerdictModel(this)), m_table(new QTableView),
      m_sentence(new QLabel), m_chart(new DifferenceChart)
{
    setObjectName(QStringLiteral("evidenceView"));
    m_table->setObjectName(QStringLiteral("evidenceTable"));
    setUpVerdictTable(m_table, m_verdicts);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_sentence->setObjectName(QStringLiteral("evidenceSentence"));
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setWordWrap(true);
    QFont strong = Theme::instance().textFont();
    strong.setWeight(QFont::DemiBold);
    m_sentence->setFont(strong);

    auto *facts = new QGridLayout;
    facts->setHorizontalSpacing(spacing::Small);
    facts->setVerticalSpacing(spacing::Hair);
    facts->setColumnMinimumWidth(0, factNameWidth);
    facts->setColumnStretch(1, 1);
    m_series = addFact(facts, tr("Series"), "evidenceSeries");
    m_samples = addFact(facts, tr("Samples"), "evidenceSamples");
    m_window = addFact(facts, tr("Judged"), "evidenceWindow");
    m_difference = addFact(facts, tr("Difference"), "evidenceDifference");
    m_warnings = addFact(facts, tr("Remarks"), "evidenceWarnings");

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::Small);
    column->addWidget(m_table);
    column->addWidget(m_sentence);
    column->addLayout(facts);
    column->addWidget(m_chart, 1);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &EvidenceView::refresh);
    refresh();
}

QLabel *EvidenceView::addFact(QGridLayout *grid, const QString &name, const char *objectName)
{
    const int row = grid->rowCount();
    auto *label = new QLabel(name);
    setInk(label, ColorRole::Muted);
    auto *value = new QLabel;
    value->setObjectName(QLatin1String(objectName));
    value->setTextFormat(Qt::PlainText);
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    grid->addWidget(label, row, 0, Qt::AlignTop);
    grid->addWidget(value, row, 1);
    return value;
}

void EvidenceView::setResults(const QList<CheckResult> &results)
{
    m_verdicts->setRows({results.begin(), results.end()});
    const qsizetype lines = std::clamp(results.size(), qsizetype(1), mostVerdicts) + 1;
    m_table->setFixedHeight(int(lines) * verdictLineHeight + spacing::Hair);
    if (!m_table->currentIndex().isValid() && !results.isEmpty())
        choose(0);
    refresh();
}

void EvidenceView::choose(int row)
{
    m_table->setCurrentIndex(m_verdicts->index(std::max(0, row), VerdictModel::CheckColumn));
}

void EvidenceView::refresh()
{
    const QModelIndex current = m_table->currentIndex();
    const CheckResult result = current.isValid() ? m_verdicts->rowAt(current.row()) : CheckResult{};
    const Evidence &evidence = result.evidence;
    const bool asked = evidence.from.isValid();
    const QString none = QStringLiteral("–");
    m_sentence->setText(current.isValid() ? tr("%1: %2").arg(result.name, result.sentence)
                                          : tr("Nothing is judged on this track."));
    setInk(m_sentence,
           result.verdict == Verdict::NoData ? Tone::Neutral : verdictLook(result.verdict).tone);
    m_series->setText(
        asked ? tr("%1=\"%2\" against %1=\"%3\"")
                    .arg(evidence.label, evidence.candidateSeries, evidence.stableSeries)
              : none);
    m_samples->setText(asked ? tr("%1 of the candidate, %2 of the stable, one every %3 s")
                                   .arg(evidence.candidateSamples)
                                   .arg(evidence.stableSamples)
                                   .arg(double(evidence.step.count()) / 1000)
                             : none);
    m_window->setText(asked ? tr("%1, %2").arg(spanText(double(evidence.from.toMSecsSinceEpoch()),
                                                        double(evidence.to.toMSecsSinceEpoch())),
                                               methodText(result))
                            : none);
    const QString shift = shiftText(evidence, result.unit);
    QString difference = shift.isEmpty() ? tr("cannot be told: too few samples") : shift;
    if (!shift.isEmpty() && evidence.p)
        difference += tr(", %1").arg(pText(*evidence.p));
    m_difference->setText(asked ? difference : none);
    m_warnings->setText(
        evidence.warnings.isEmpty()
            ? none
            : tr("the metrics server says: %1").arg(evidence.warnings.join(QStringLiteral("; "))));
    m_chart->setEvidence(evidence, result.unit);
}

} // namespace pilothouse
