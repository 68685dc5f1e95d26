#include "ui/release/diffpanel.h"

#include "release/compare/showndiff.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {

DiffPanel::DiffPanel(const ShownDiff &diff, QWidget *parent)
    : Panel(tr("Diff"), parent), m_diff(diff), m_sentence(new QLabel),
      m_compare(new QPushButton(tr("Compare with Stable"))), m_notes(new QPushButton(tr("Notes")))
{
    setObjectName(QStringLiteral("diffPanel"));
    m_sentence->setObjectName(QStringLiteral("diffSentence"));
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_compare->setObjectName(QStringLiteral("compareStableButton"));
    m_notes->setObjectName(QStringLiteral("notesButton"));
    auto *row = new QHBoxLayout;
    row->setSpacing(spacing::Small);
    row->addWidget(m_sentence, 1);
    row->addWidget(m_compare);
    row->addWidget(m_notes);
    body()->addLayout(row);
    connect(&m_diff, &ShownDiff::changed, this, &DiffPanel::refresh);
    connect(m_compare, &QPushButton::clicked, this, &DiffPanel::compareRequested);
    connect(m_notes, &QPushButton::clicked, this, &DiffPanel::notesRequested);
    refresh();
}

void DiffPanel::refresh()
{
    const auto &pair = m_diff.pair();
    const bool differs = pair && pair->from != pair->to;
    setRemark(differs ? tr("against %1, %2").arg(shortSha(pair->from), pair->against) : QString());
    m_sentence->setText(m_diff.sentence());
    const auto &comparison = m_diff.comparer().comparison();
    const bool leadsBack = comparison && comparison->relation != Relation::Newer
                           && comparison->relation != Relation::Same;
    setInk(m_sentence, !differs                                 ? ColorRole::Muted
                       : m_diff.comparer().error() || leadsBack ? ColorRole::Warning
                                                                : ColorRole::Text);
    const QString why = !pair     ? tr("No track tells its stable revision yet")
                        : differs ? QString()
                                  : tr("This release is stable wherever a track tells");
    for (QPushButton *button : {m_compare, m_notes}) {
        button->setEnabled(differs);
        button->setToolTip(why);
    }
}

} // namespace pilothouse
