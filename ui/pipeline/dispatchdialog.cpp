#include "ui/pipeline/dispatchdialog.h"

#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {

namespace {

constexpr int dispatchWidth = 620;
constexpr int labelColumn = 150; ///< one left edge for the fields of both forms

QString textIn(const QWidget *field)
{
    if (const auto *box = qobject_cast<const QCheckBox *>(field))
        return box->isChecked() ? QStringLiteral("true") : QStringLiteral("false");
    if (const auto *choice = qobject_cast<const QComboBox *>(field))
        return choice->currentText();
    if (const auto *line = qobject_cast<const QLineEdit *>(field))
        return line->text();
    return {};
}

QLabel *fieldLabel(const QString &text)
{
    auto *label = new QLabel(text);
    label->setFixedWidth(labelColumn);
    label->setWordWrap(true);
    setInk(label, ColorRole::Muted);
    return label;
}

QString inputName(const QString &key)
{
    return QStringLiteral("input:") + key;
}

} // namespace

DispatchDialog::DispatchDialog(const Result<QList<DispatchForm>> &forms, const QStringList &paths,
                               const QString &branch, QWidget *parent)
    : QDialog(parent), m_forms(forms.value_or(QList<DispatchForm>())), m_free(!forms),
      m_workflow(new QComboBox), m_ref(new QLineEdit(branch)), m_column(new QVBoxLayout(this)),
      m_problem(new QLabel), m_more(new QPushButton(tr("One More Input")))
{
    setObjectName(QStringLiteral("dispatchDialog"));
    setWindowTitle(tr("Run a workflow"));
    setMinimumWidth(dispatchWidth);
    if (m_free) {
        for (const QString &path : paths) {
            DispatchForm form;
            form.workflowPath = path;
            form.title = path.section(QLatin1Char('/'), -1);
            m_forms.append(form);
        }
    }
    for (const DispatchForm &each : std::as_const(m_forms)) {
        const QString file = each.workflowPath.section(QLatin1Char('/'), -1);
        m_workflow->addItem(each.title == file ? file
                                               : QStringLiteral("%1 (%2)").arg(each.title, file));
    }
    m_workflow->setObjectName(QStringLiteral("workflowChoice"));
    m_workflow->setAccessibleName(tr("Workflow"));
    m_ref->setObjectName(QStringLiteral("refField"));
    m_ref->setAccessibleName(tr("Branch or tag"));
    m_ref->setPlaceholderText(tr("branch or tag"));
    m_problem->setObjectName(QStringLiteral("dispatchProblem"));
    m_problem->setWordWrap(true);
    m_more->setObjectName(QStringLiteral("moreInputsButton"));
    m_more->setAutoDefault(false);
    m_more->setVisible(m_free);

    auto *title = new QLabel(tr("Run a workflow"));
    title->setFont(Theme::instance().titleFont());
    auto *head = new QFormLayout;
    head->setVerticalSpacing(spacing::Small);
    head->setHorizontalSpacing(spacing::Small);
    head->addRow(fieldLabel(tr("Workflow")), m_workflow);
    head->addRow(fieldLabel(tr("Branch or tag")), m_ref);
    setInk(m_problem, ColorRole::Warning);
    auto *buttons = new QDialogButtonBox;
    m_go = buttons->addButton(tr("Look at the Request…"), QDialogButtonBox::AcceptRole);
    m_go->setObjectName(QStringLiteral("dispatchButton"));
    buttons->addButton(QDialogButtonBox::Cancel);
    m_column->setContentsMargins(spacing::Medium, spacing::Medium, spacing::Medium,
                                 spacing::Medium);
    m_column->addWidget(title);
    if (m_free) {
        auto *why = new QLabel(tr("The inputs are not known: %1").arg(forms.error().message));
        why->setWordWrap(true);
        m_column->addWidget(why);
    }
    m_column->setSpacing(spacing::Small);
    m_column->addLayout(head);
    m_column->addWidget(m_more);
    m_column->addWidget(m_problem);
    m_column->addWidget(buttons);

    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        const DispatchWorkflow now = order();
        accept();
        Q_EMIT chosen(now);
    });
    connect(m_workflow, &QComboBox::currentIndexChanged, this, &DispatchDialog::showInputs);
    connect(m_ref, &QLineEdit::textChanged, this, &DispatchDialog::refresh);
    connect(m_more, &QPushButton::clicked, this, &DispatchDialog::addFree);
    showInputs();
    m_ref->setFocus();
}

DispatchForm DispatchDialog::form() const
{
    return m_forms.value(m_workflow->currentIndex());
}

void DispatchDialog::showInputs()
{
    delete m_inputs;
    m_inputs = new QWidget;
    m_rows = new QFormLayout(m_inputs);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setVerticalSpacing(spacing::Hair);
    m_rows->setHorizontalSpacing(spacing::Small);
    m_column->insertWidget(m_column->indexOf(m_more), m_inputs);
    if (m_free)
        addFree();
    const QList<DispatchInput> inputs = form().inputs;
    for (const DispatchInput &input : inputs)
        addKnown(input);
    refresh();
}

void DispatchDialog::addKnown(const DispatchInput &input)
{
    QWidget *field = nullptr;
    if (input.type == DispatchInput::Type::Boolean) {
        auto *box = new QCheckBox;
        box->setChecked(input.defaultValue == QLatin1String("true"));
        field = box;
    } else if (input.type == DispatchInput::Type::Choice) {
        auto *choice = new QComboBox;
        choice->addItems(input.options);
        choice->setCurrentText(input.defaultValue);
        field = choice;
    } else {
        auto *line = new QLineEdit(input.defaultValue);
        connect(line, &QLineEdit::textChanged, this, &DispatchDialog::refresh);
        field = line;
    }
    field->setObjectName(inputName(input.key));
    field->setProperty("key", input.key);
    field->setAccessibleName(input.key);
    field->setToolTip(input.description);
    m_rows->addRow(fieldLabel(input.required ? tr("%1, required").arg(input.key) : input.key),
                   field);
    if (!input.description.isEmpty()) {
        auto *words = new QLabel(input.description);
        words->setFont(Theme::instance().smallFont());
        setInk(words, ColorRole::Muted);
        words->setContentsMargins(0, 0, 0, spacing::Small);
        words->setWordWrap(true);
        m_rows->addRow(fieldLabel({}), words);
    }
}

void DispatchDialog::addFree()
{
    const int row = m_rows->rowCount();
    auto *key = new QLineEdit;
    key->setObjectName(QStringLiteral("freeKey%1").arg(row));
    key->setFixedWidth(labelColumn);
    key->setPlaceholderText(tr("input"));
    key->setAccessibleName(tr("Input"));
    auto *value = new QLineEdit;
    value->setObjectName(QStringLiteral("freeValue%1").arg(row));
    value->setPlaceholderText(tr("value"));
    value->setAccessibleName(tr("Value"));
    m_rows->addRow(key, value);
    m_more->setEnabled(m_rows->rowCount() < mostDispatchInputs);
    connect(key, &QLineEdit::textChanged, this, &DispatchDialog::refresh);
    connect(value, &QLineEdit::textChanged, this, &DispatchDialog::refresh);
    refresh();
}

DispatchWorkflow DispatchDialog::order() const
{
    DispatchWorkflow order{form().workflowPath, m_ref->text().trimmed(), {}};
    for (int row = 0; row < m_rows->rowCount(); ++row) {
        const QLayoutItem *item = m_rows->itemAt(row, QFormLayout::FieldRole);
        const QWidget *field = item ? item->widget() : nullptr;
        QString key = field ? field->property("key").toString() : QString();
        if (m_free && field)
            key = textIn(m_rows->itemAt(row, QFormLayout::LabelRole)->widget()).trimmed();
        const QString value = textIn(field);
        // What is left empty takes the workflow's own default; a row of nothing is no input.
        if (!value.isEmpty() && !(key.isEmpty() && !m_free))
            order.inputs.append({key, value});
    }
    return order;
}

void DispatchDialog::refresh()
{
    const DispatchWorkflow now = order();
    QString problem = dispatchProblem(form(), now.inputs);
    if (m_forms.isEmpty())
        problem = tr("No workflow of this commit can be started by hand: none has "
                     "workflow_dispatch.");
    else if (now.ref.isEmpty())
        problem = tr("On which branch or tag?");
    m_problem->setText(problem);
    m_go->setEnabled(problem.isEmpty());
}

} // namespace pilothouse
