#include "ui/action/reasonlist.h"

#include "ui/widgets/icon.h"
#include "ui/widgets/spacing.h"

#include <QGridLayout>
#include <QLabel>

namespace pilothouse {
namespace {

struct ReasonLook
{
    QString icon;
    Tone tone;
};

ReasonLook lookOf(Reason::Kind kind)
{
    switch (kind) {
    case Reason::Kind::For:
        return {QStringLiteral("circle-check"), Tone::Success};
    case Reason::Kind::Against:
        return {QStringLiteral("triangle-alert"), Tone::Warning};
    case Reason::Kind::Unknown:
        return {QStringLiteral("circle-question-mark"), Tone::Neutral};
    case Reason::Kind::Blocks:
        return {QStringLiteral("ban"), Tone::Danger};
    }
    return {};
}

constexpr Reason::Kind order[]
    = {Reason::Kind::Blocks, Reason::Kind::Against, Reason::Kind::Unknown, Reason::Kind::For};

} // namespace

ReasonList::ReasonList(QWidget *parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(spacing::Small);
    m_grid->setVerticalSpacing(spacing::Hair);
    m_grid->setColumnStretch(1, 1);
    connect(&Theme::instance(), &Theme::changed, this, &ReasonList::fill);
}

QString ReasonList::summary(const Permission &permission)
{
    QStringList parts;
    if (const int blocks = permission.count(Reason::Kind::Blocks))
        parts << (blocks == 1 ? tr("1 stops it") : tr("%1 stop it").arg(blocks));
    parts << tr("%1 for").arg(permission.count(Reason::Kind::For));
    parts << tr("%1 against").arg(permission.count(Reason::Kind::Against));
    if (const int unknown = permission.count(Reason::Kind::Unknown))
        parts << tr("%1 unknown").arg(unknown);
    return parts.join(QStringLiteral(" · "));
}

void ReasonList::setShape(Shape shape)
{
    m_shape = shape;
    m_grid->setColumnStretch(3, shape == Shape::ForBeside ? 1 : 0);
    fill();
}

void ReasonList::setPermission(const Permission &permission)
{
    if (permission == m_permission)
        return;
    m_permission = permission;
    fill();
}

void ReasonList::fill()
{
    while (QLayoutItem *item = m_grid->takeAt(0))
        delete item;
    const bool beside = m_shape == Shape::ForBeside;
    const auto count = [this](Reason::Kind kind) {
        return m_permission.count(kind);
    };
    const bool unknownBeside = count(Reason::Kind::Unknown) + count(Reason::Kind::For)
                               <= count(Reason::Kind::Blocks) + count(Reason::Kind::Against);
    const auto isBeside = [&](Reason::Kind kind) {
        return beside
               && (kind == Reason::Kind::For || (kind == Reason::Kind::Unknown && unknownBeside));
    };
    int left = 0;
    int right = 0;
    size_t shown = 0;
    for (const Reason::Kind kind : order) {
        for (const Reason &reason : std::as_const(m_permission.reasons)) {
            if (reason.kind != kind)
                continue;
            const Line &line = lineAt(shown++);
            if (isBeside(kind))
                showReason(line, reason, right++, 2);
            else
                showReason(line, reason, left++, 0);
        }
    }
    // What room is left stays below them.
    for (int row = 0; row < m_grid->rowCount(); ++row)
        m_grid->setRowStretch(row, 0);
    m_grid->setRowStretch(std::max(left, right), 1);
    for (; shown < m_lines.size(); ++shown) {
        m_lines[shown].icon->hide();
        m_lines[shown].text->hide();
        m_lines[shown].text->clear();
    }
}

const ReasonList::Line &ReasonList::lineAt(size_t number)
{
    if (number == m_lines.size()) {
        m_lines.push_back({new QLabel(this), new QLabel(this)});
        QLabel *text = m_lines.back().text;
        text->setTextFormat(Qt::PlainText);
        text->setWordWrap(true);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    return m_lines[number];
}

void ReasonList::showReason(const Line &line, const Reason &reason, int row, int column)
{
    const ReasonLook look = lookOf(reason.kind);
    line.icon->setPixmap(
        themedPixmap(look.icon, Theme::instance().color(look.tone), 14, devicePixelRatioF()));
    const QString text = reason.settle.isEmpty()
                             ? reason.text
                             : QStringLiteral("%1 — %2").arg(reason.text, reason.settle);
    if (line.text->text() != text)
        line.text->setText(text);
    m_grid->addWidget(line.icon, row, column, Qt::AlignTop);
    m_grid->addWidget(line.text, row, column + 1, Qt::AlignTop);
    line.icon->show();
    line.text->show();
}

} // namespace pilothouse
