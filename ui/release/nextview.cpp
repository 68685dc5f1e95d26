#include "ui/release/nextview.h"

#include "ui/action/reasonlist.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int whereWidth = 96;

} // namespace

NextView::NextView(QWidget *parent) : Panel(tr("Next"), parent)
{
    setObjectName(QStringLiteral("nextView"));
}

void NextView::addLine()
{
    const size_t index = m_lines.size();
    Line line{new QWidget, new QLabel,      new QLabel,      new QToolButton,
              new QLabel,  new QPushButton, new QPushButton, new ReasonList};
    line.where->setFixedWidth(whereWidth);
    QFont strong = Theme::instance().textFont();
    strong.setWeight(QFont::DemiBold);
    line.where->setFont(strong);
    line.sentence->setTextFormat(Qt::PlainText);
    line.sentence->setWordWrap(true);
    line.sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    line.counts->setCheckable(true);
    line.counts->setAutoRaise(true);
    line.counts->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    line.counts->setLayoutDirection(Qt::RightToLeft);
    line.counts->setIcon(themedIcon(QStringLiteral("chevron-down"), ColorRole::Muted));
    line.counts->setToolTip(tr("Show the reasons"));
    line.counts->setObjectName(QStringLiteral("reasonsButton-%1").arg(index));
    line.action->setObjectName(QStringLiteral("nextButton-%1").arg(index));
    line.otherwise->setObjectName(QStringLiteral("otherwiseButton-%1").arg(index));
    line.reasons->hide();

    auto *row = new QHBoxLayout;
    row->setSpacing(spacing::Small);
    row->addWidget(line.where);
    row->addWidget(line.sentence, 3);
    row->addWidget(line.counts);
    row->addWidget(line.blocked, 2);
    row->addWidget(line.otherwise);
    row->addWidget(line.action);
    line.blocked->setTextFormat(Qt::PlainText);
    line.blocked->setWordWrap(true);
    setInk(line.blocked, ColorRole::Muted);
    line.blocked->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto *column = new QVBoxLayout(line.widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::Hair);
    column->addLayout(row);
    auto *indent = new QHBoxLayout;
    indent->addSpacing(whereWidth + spacing::Small);
    indent->addWidget(line.reasons, 1);
    column->addLayout(indent);
    body()->addWidget(line.widget);
    connect(line.counts, &QToolButton::toggled, line.reasons, &QWidget::setVisible);
    connect(line.action, &QPushButton::clicked, this, [this, index] {
        if (index < size_t(m_rows.size()))
            Q_EMIT activated(m_rows[qsizetype(index)]);
    });
    connect(line.otherwise, &QPushButton::clicked, this, [this, index] {
        if (index >= size_t(m_rows.size()))
            return;
        NextRow chosen = m_rows[qsizetype(index)];
        chosen.action = NextAction::Kind::RollBack;
        Q_EMIT activated(chosen);
    });
    m_lines.push_back(line);
}

void NextView::setRows(const QList<NextRow> &rows)
{
    m_rows = rows;
    while (m_lines.size() < size_t(rows.size()))
        addLine();
    for (size_t i = 0; i < m_lines.size(); ++i) {
        const Line &line = m_lines[i];
        line.widget->setVisible(i < size_t(rows.size()));
        if (i >= size_t(rows.size()))
            continue;
        const NextRow &row = rows[qsizetype(i)];
        line.where->setText(row.where);
        line.sentence->setText(
            row.since.isValid()
                ? tr("%1 · since %2")
                      .arg(row.sentence, whenText(row.since, QDateTime::currentDateTimeUtc()))
                : row.sentence);
        setInk(line.sentence,
               row.action == NextAction::Kind::RollBack ? ColorRole::Danger : ColorRole::Text);
        line.counts->setText(ReasonList::summary(row.permission));
        line.counts->setAccessibleName(
            tr("Reasons for %1: %2").arg(row.where, line.counts->text()));
        line.counts->setVisible(!row.permission.reasons.isEmpty());
        line.reasons->setPermission(row.permission);
        line.action->setText(row.verb);
        line.action->setVisible(!row.verb.isEmpty());
        line.otherwise->setText(row.otherwise);
        line.otherwise->setVisible(!row.otherwise.isEmpty());
        // Opening a page is always possible; only a track's own action can be off.
        const bool on = row.kind != NextRow::Kind::Track || row.permission.allowed();
        line.action->setEnabled(on);
        line.action->setToolTip(row.permission.first(Reason::Kind::Blocks));
        line.blocked->setText(on ? QString()
                                 : tr("off: %1").arg(row.permission.first(Reason::Kind::Blocks)));
        line.blocked->setVisible(!on);
    }
}

void NextView::activateFirst()
{
    for (const NextRow &row : std::as_const(m_rows)) {
        if (!row.verb.isEmpty() && row.permission.allowed()) {
            Q_EMIT activated(row);
            return;
        }
    }
}

} // namespace pilothouse
