captions-any =
    sempre esteve aí dentro
    a rede já viu isto antes
    olhe de perto, está olhando de volta
    ninguém pintou isto
    a imagem piscou primeiro
    dormir é um tipo de gradiente
    mais disto, seja o que for
    uma máquina aperta os olhos para as nuvens
    favor não alimentar os pixels
    ela se lembra de você do treinamento
    tecnicamente ainda é a sua imagem
    o original está bem, só descansando
    eu só fiz o que os pesos mandaram
    pode conter traços de gato
    já estava assim quando cheguei
    arte, provavelmente
    a convolução vai atender você agora
    não olhe antes do almoço
    em algum lugar há um gradiente muito orgulhoso
    tenho comentários sobre a imagem, estão na imagem
    nenhum pixel se feriu, alguns foram convencidos
    a realidade é um mínimo local
    padrão reconhecido, padrão exagerado
    você envia, eu exagero
    feito com amor e erros de arredondamento
    isto explica muita coisa
    não é um filtro, é um sentimento
    os pixels votaram
    leve para casa e dê um nome
    achei debaixo da terceira convolução
    já tentou transformar em outra coisa
    sonhei com isto, a culpa é sua
captions-calm =
    uma alucinação educada
    só um sonhinho
    mal cochilou
    levemente assombrado
captions-loud =
    tarde demais para acordar
    é para isto que serve o botão
    até os vizinhos estão vendo
    sua imagem deixou o prédio
    talvez eu tenha exagerado
    o original mandou lembranças
captions-hellscape =
    sem saída, só zoom
    entre, por dentro é maior
    o chão também é um sonho
    próxima parada: o mesmo, mais perto
captions-bend =
    pisei num cabo
    não está quebrado, é jazz
    sem garantia desde a camada dois
    alguém mexeu nos meus neurônios
captions-summon =
    você chamou, veio
    saiu do nada, e com pressa
    agora há pouco era ruído
    desenhado de memória, só que da minha
captions-guide =
    a cara da outra imagem
    duas imagens entram numa rede
    um ar de família
captions-style =
    pintado com pincéis emprestados
    a mesma cena, outras mãos
    fantasiada da outra imagem
captions-video =
    se mexe, não faça contato visual
    faz isso o tempo todo
    apertar pausa não adianta
captions-eyes =
    os olhos são maioria
    não temais
    os primeiros olhos se abrem
    as rodas têm olhos
    você está sendo vigiado com carinho
    eles piscam quando você não olha
    o oculista ligou
captions-dogs =
    os cachorros repararam em você
    quem deixou os cachorros entrarem
    são cachorros outra vez
    sempre tem um cachorro em algum lugar
    senta, fica, converge
    parte disto é focinho
captions-fur =
    pelo onde não devia haver pelo
    macio, dizem
    sua imagem está soltando pelo
    escove antes de usar
captions-birds =
    um pássaro, ou um cachorro, ou os dois
    primeiro as penas, depois as perguntas
    alguém deixou a gaiola aberta
    uma pena, várias penas
captions-animals =
    metade bicho, metade pintura
    alguém mexeu o zoológico
    as cabeças crescem onde querem
    Noé fez a mala com pressa
    atende por vários nomes
captions-edges =
    todas as bordas levam aqui
    traçado com uma régua muito nervosa
    recorte em todas as linhas
captions-spirals =
    no fim tudo se enrola
    espirais até o fundo
    um pouco tonto, obrigado
    mexido, não batido
captions-maze =
    o labirinto não tem meio
    esquerda, esquerda, esquerda, esquerda
    o Minotauro saiu para almoçar
captions-weave =
    moldado a marteladas
    tecido enquanto você piscava
    a vovó ficaria preocupada e orgulhosa
    não sai na lavagem
captions-spots =
    contas de alguma coisa
    as bolhas têm opinião
    ligue os pontos, solte a coisa
captions-towers =
    sem alvará
    aqui havia um nariz, agora há uma vila
    alugam-se quartos, falar com os pixels
captions-garden =
    está criando folhas
    o jardim respira
    não regar
    uma salada com intenções
captions-jumble =
    um pouco de tudo, explicação de nada
    o museu caiu
    o setor de achados e perdidos sonha
captions-whisper =
    psiu, já é quase alguma coisa
    só um boato de olhos
captions-emboss =
    trabalhado à mão, sem mãos
    uma sela excelente
captions-oracle =
    pergunte o que quiser
    ele sabia que você ia postar isto
    um grande olho, zero conversa
captions-giger =
    no espaço todos podem ver você
    as costelas são estruturais
captions-porcelain =
    favor não derrubar
    recém-saído do forno, ainda piscando
captions-temple =
    tire os sapatos
    mais um telhado, disse o telhado
captions-storm =
    nublado, com chance de tudo
    conte os segundos até o trovão
captions-totem =
    os ancestrais têm comentários
    quem está embaixo carrega todo mundo
captions-lotus =
    desculpe pelos buracos
    cheio de furos, como meu álibi
captions-agate =
    uma pedra de rica vida interior
    dez milhões de anos em nove segundos
captions-classic =
    como em 2015
    foi assim que tudo começou
captions-mosaic =
    hoje de manhã estava inteiro
    mil peças, nenhuma caixa
captions-watercolour =
    ficou na chuva
    lavado a sessenta graus
captions-sheet =
    escolha o seu veneno
    quatro portas, e todas abrem para dentro
    uma delas já está olhando para você
    a rede não conseguiu decidir
    escolha rápido, elas ainda estão crescendo
